import { z } from 'zod';
import { countJobs } from '../../../../shared/db/queries/count-jobs.ts';
import { listJobs } from '../../../../shared/db/queries/list-jobs.ts';
import { cancelJob } from '../../../../shared/db/transactions/cancel-job.ts';
import { changeJob } from '../../../../shared/db/transactions/change-job.ts';
import { retryJob } from '../../../../shared/db/transactions/retry-job.ts';
import { JOB_STATES } from '../../../../shared/job/transitions.ts';
import { jobList, jobPatchBody, jobView } from '../../../../shared/wire/jobs.ts';
import { formatCursor, parseCursor } from '../cursor.ts';
import { loadJob } from '../load-job.ts';
import { loadJobView, loadJobViews } from '../load-job-views.ts';
import { jobParams } from '../params.ts';
import { defineRoute } from '../route.ts';

const listQuery = z.strictObject({
  state: z.enum(JOB_STATES).optional(),
  kind: z.enum(['transcode']).optional(),
  label: z.string().min(1).max(100).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(100).optional().meta({ description: 'next_cursor of the page before' }),
});

export const JOB_ROUTES = [
  defineRoute({
    method: 'get',
    path: '/jobs',
    name: 'listJobs',
    summary: 'List jobs, newest first',
    query: listQuery,
    answers: { 200: { description: 'A page; count is of all pages together', schema: jobList } },
    problems: [],
    async handle({ store }, { query: { state, label, limit, cursor } }) {
      const filter = { state, label };
      const before = cursor === undefined ? null : parseCursor(cursor);
      const rows = await listJobs(store.db, { filter, limit: limit + 1, before });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const next_cursor = rows.length > limit && last ? formatCursor(last.number) : null;
      const [jobs, count] = [await loadJobViews(store, page), await countJobs(store.db, filter)];
      return { status: 200, body: { jobs, count, next_cursor } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/jobs/:id',
    name: 'showJob',
    summary: 'Show a job',
    params: jobParams,
    answers: { 200: { description: 'The job', schema: jobView } },
    problems: ['not_found'],
    async handle({ store }, { params }) {
      return { status: 200, body: await loadJobView(store, params.id) };
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/jobs/:id',
    name: 'changeJob',
    summary: 'Change a job’s priority or labels',
    params: jobParams,
    body: jobPatchBody,
    answers: { 200: { description: 'The job as it is now', schema: jobView } },
    problems: ['not_found'],
    async handle({ store }, { params, body }) {
      const { id } = await loadJob(store.db, params.id);
      await changeJob(store, id, body);
      return { status: 200, body: await loadJobView(store, id) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/:id/cancel',
    name: 'cancelJob',
    summary: 'Cancel a job: nothing appears under its output name once it reads canceled',
    params: jobParams,
    answers: { 202: { description: 'The job, canceling or canceled', schema: jobView } },
    problems: ['not_found', 'wrong_state', 'too_late'],
    async handle({ store }, { params }) {
      const { id } = await loadJob(store.db, params.id);
      await cancelJob(store, id);
      return { status: 202, body: await loadJobView(store, id) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/:id/retry',
    name: 'retryJob',
    summary: 'Submit the request of a failed or canceled job again; asked twice, it gives the same new job',
    params: jobParams,
    answers: { 201: { description: 'The new job', schema: jobView } },
    problems: ['not_found', 'wrong_state', 'output_in_use'],
    async handle({ store }, { params }) {
      const { id } = await loadJob(store.db, params.id);
      const retry = await retryJob(store, id);
      return { status: 201, body: await loadJobView(store, retry), location: `/v1/jobs/${retry}` };
    },
  }),
];
