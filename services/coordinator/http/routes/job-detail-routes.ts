import { z } from 'zod';
import { listAttempts } from '../../../../shared/db/queries/list-attempts.ts';
import { listTasks } from '../../../../shared/db/queries/list-tasks.ts';
import { listWorkers } from '../../../../shared/db/queries/list-workers.ts';
import { logPage, taskList, whyView as whySchema } from '../../../../shared/wire/jobs.ts';
import { followLog } from '../../events/follow-log.ts';
import { loadWhyFacts } from '../../why/why-facts.ts';
import { whyView } from '../../why/why-view.ts';
import { loadJob } from '../load-job.ts';
import { loadLogPage } from '../load-log-page.ts';
import { jobParams } from '../params.ts';
import { defineRoute } from '../route.ts';
import { taskView } from '../views/task-view.ts';

const logQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).meta({ description: '`next` of the page before' }),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
  follow: z.enum(['true', 'false']).default('false').meta({
    description: 'true: one line of JSON (application/x-ndjson) for each line as it comes, until the job has ended',
  }),
});

export const JOB_DETAIL_ROUTES = [
  defineRoute({
    method: 'get',
    path: '/jobs/:id/tasks',
    name: 'listTasks',
    summary: 'The tasks of a job, each with its attempts',
    params: jobParams,
    answers: { 200: { description: 'The tasks', schema: taskList } },
    problems: ['not_found'],
    async handle({ store: { db } }, { params }) {
      const job = await loadJob(db, params.id);
      const names = new Map((await listWorkers(db)).map((worker) => [worker.id as string, worker.name]));
      const attempts = Map.groupBy(await listAttempts(db, job.id), (attempt) => attempt.task_id);
      const tasks = await listTasks(db, job.id);
      return { status: 200, body: { tasks: tasks.map((task) => taskView(task, attempts.get(task.id) ?? [], names)) } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/jobs/:id/why',
    name: 'explainJob',
    summary: 'Why a job is in its state, and what each worker says to each waiting task',
    params: jobParams,
    answers: { 200: { description: 'The reasons', schema: whySchema } },
    problems: ['not_found'],
    async handle({ store }, { params }) {
      const facts = await loadWhyFacts(store, await loadJob(store.db, params.id));
      return { status: 200, body: whyView(facts) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/jobs/:id/logs',
    name: 'readLog',
    summary: 'What FFmpeg and the workers wrote while they worked on a job',
    params: jobParams,
    query: logQuery,
    answers: {
      200: {
        description:
          'A page of lines. Of an unfinished job on MariaDB those of the last 20 seconds come later: the pages have no gaps',
        schema: logPage,
      },
    },
    problems: ['not_found'],
    async handle({ store, hub }, { params, query: { after, limit, follow }, signal }) {
      const job = await loadJob(store.db, params.id);
      if (follow === 'true') {
        const chunks = followLog({ store, hub }, { jobId: job.id, after, limit, signal });
        return { status: 200, stream: { type: 'application/x-ndjson', chunks } };
      }
      return { status: 200, body: await loadLogPage(store, job, { after, limit }) };
    },
  }),
];
