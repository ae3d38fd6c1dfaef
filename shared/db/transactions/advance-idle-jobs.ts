import type { JobId } from '../../job/ids.ts';
import { FINAL_TASK_STATES, type TaskState } from '../../job/transitions.ts';
import { listWorkers } from '../queries/list-workers.ts';
import { fleetOf } from '../queries/load-fleet.ts';
import { readJobs } from '../queries/read-jobs.ts';
import { advanceJob } from '../steps/advance-job.ts';
import { finishCancel } from '../steps/end-job.ts';
import { lockJob } from '../steps/lock-job.ts';
import { pathsOfJob, waitsForTests } from '../steps/plan-job.ts';
import type { Db, Store, Tx } from '../store.ts';

/** Jobs that one pass takes on. */
const AT_ONCE = 100;

/**
 * Takes on jobs that nothing would ever move again: all their tasks have ended, and no report is going to bring the
 * counter to 0. The counter makes this needless as long as it is right (PROTOCOL A6). Those that wait until hardware
 * was tested are taken on when it was. Returns how many there were.
 */
export async function advanceIdleJobs(store: Store): Promise<number> {
  const idle = (await idleJobs(store.db).execute()).map(({ id }) => id);
  if (idle.length === 0) return 0;
  const workers = await listWorkers(store.db);
  let advanced = 0;
  for await (const job of readJobs(store.db, idle)) {
    if (waitsForTests(job, fleetOf(workers, pathsOfJob(job)))) continue;
    if (await store.transaction((tx) => advanceIfIdle(tx, job.id))) advanced += 1;
    if (advanced === AT_ONCE) break;
  }
  return advanced;
}

async function advanceIfIdle(tx: Tx, id: JobId): Promise<boolean> {
  const job = await lockJob(tx, id);
  const idle = await idleJobs(tx.db).where('jobs.id', '=', id).executeTakeFirst();
  if (!job || !idle) return false;
  if (job.state === 'canceling') {
    await finishCancel(tx, job);
    return true;
  }
  await tx.db.updateTable('jobs').set({ open_tasks: 0 }).where('id', '=', id).execute();
  await advanceJob(tx, { ...job, open_tasks: 0 });
  return true;
}

/**
 * Canceling with no task left to confirm; or a stage of which every task is completed and the next one not made.
 * Pending jobs are left out: their probe has not been claimed yet, and there may be very many of them.
 */
function idleJobs(db: Db) {
  return db
    .selectFrom('jobs')
    .select('jobs.id')
    .where((where) => {
      const hasTask = (
        operator: 'in' | 'not in',
        states: readonly TaskState[],
        fromOrdinal = Number.MIN_SAFE_INTEGER,
      ) =>
        where.exists(
          where
            .selectFrom('tasks')
            .select('tasks.id')
            .whereRef('tasks.job_id', '=', 'jobs.id')
            .where('tasks.ordinal', '>=', fromOrdinal)
            .where('tasks.state', operator, [...states]),
        );
      return where.or([
        where.and([where('jobs.state', '=', 'canceling'), where.not(hasTask('not in', FINAL_TASK_STATES))]),
        where.and([
          where('jobs.state', 'in', ['assigned', 'running']),
          where.or([
            where.and([where('jobs.stage', '=', 'probe'), where('jobs.probe', 'is not', null)]),
            where.and([where('jobs.stage', 'in', ['measure', 'encode']), hasTask('in', ['blocked'])]),
          ]),
          where.not(hasTask('not in', ['completed', 'blocked'], 0)),
        ]),
      ]);
    });
}
