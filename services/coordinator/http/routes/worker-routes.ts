import { countActiveTasks } from '../../../../shared/db/queries/count-active-tasks.ts';
import { findWorker } from '../../../../shared/db/queries/find-worker.ts';
import { listWorkers } from '../../../../shared/db/queries/list-workers.ts';
import type { Store } from '../../../../shared/db/store.ts';
import { drainWorker } from '../../../../shared/db/transactions/drain-worker.ts';
import { forgetWorker } from '../../../../shared/db/transactions/forget-worker.ts';
import { resumeWorker } from '../../../../shared/db/transactions/resume-worker.ts';
import { AppError } from '../../../../shared/errors.ts';
import type { WorkerId } from '../../../../shared/job/ids.ts';
import { type WorkerView, workerList, workerView as workerSchema } from '../../../../shared/wire/workers.ts';
import { workerParams } from '../params.ts';
import { defineRoute } from '../route.ts';
import { workerView } from '../views/worker-view.ts';

/** What people do with workers. */
export const WORKER_ROUTES = [
  defineRoute({
    method: 'get',
    path: '/workers',
    name: 'listWorkers',
    summary: 'List workers',
    answers: { 200: { description: 'All that registered and were not forgotten', schema: workerList } },
    problems: [],
    async handle({ store: { db } }) {
      const active = await countActiveTasks(db);
      const workers = (await listWorkers(db)).map((row) => workerView(row, active.get(row.id) ?? 0));
      return { status: 200, body: { workers, count: workers.length } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/workers/:id',
    name: 'showWorker',
    summary: 'Show a worker',
    params: workerParams,
    answers: { 200: { description: 'The worker', schema: workerSchema } },
    problems: ['unknown_worker'],
    async handle({ store }, { params }) {
      return { status: 200, body: await loadWorkerView(store, params.id) };
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/workers/:id',
    name: 'forgetWorker',
    summary: 'Forget a worker that holds no task',
    params: workerParams,
    answers: { 204: { description: 'Forgotten' } },
    problems: ['unknown_worker', 'wrong_state'],
    async handle({ store }, { params }) {
      await forgetWorker(store, params.id);
      return { status: 204 };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/workers/:id/drain',
    name: 'drainWorker',
    summary: 'Let a worker finish what it has and give it nothing more',
    params: workerParams,
    answers: { 200: { description: 'The worker', schema: workerSchema } },
    problems: ['unknown_worker'],
    async handle({ store }, { params }) {
      await drainWorker(store, params.id);
      return { status: 200, body: await loadWorkerView(store, params.id) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/workers/:id/resume',
    name: 'resumeWorker',
    summary: 'Give a drained or quarantined worker tasks again',
    params: workerParams,
    answers: { 200: { description: 'The worker', schema: workerSchema } },
    problems: ['unknown_worker'],
    async handle({ store }, { params }) {
      await resumeWorker(store, params.id);
      return { status: 200, body: await loadWorkerView(store, params.id) };
    },
  }),
];

async function loadWorkerView({ db }: Store, id: WorkerId): Promise<WorkerView> {
  const row = await findWorker(db, id);
  if (row === undefined) throw new AppError('unknown_worker', `there is no worker ${id}`);
  const active = await countActiveTasks(db);
  return workerView(row, active.get(id) ?? 0);
}
