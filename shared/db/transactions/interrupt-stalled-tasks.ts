import { failure } from '../../errors.ts';
import { findTask } from '../queries/find-task.ts';
import type { TaskRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import { interruptTask } from '../steps/interrupt-task.ts';
import { lockJob } from '../steps/lock-job.ts';
import type { Db, Store, Tx } from '../store.ts';

/**
 * Breaks off attempts whose worker renews its lease but whose progress has stood still for too long: the worker's own
 * watch over FFmpeg should have ended them, so something is wrong with the worker. It learns with its next heartbeat
 * that the attempt is lost. What never started is the lease's affair. Returns how many there were.
 */
export async function interruptStalledTasks(store: Store, rules: Rules): Promise<number> {
  const due = await stalledTasks(store.db, await store.now(), rules)
    .limit(100)
    .execute();
  let interrupted = 0;
  for (const task of due) if (await store.transaction((tx) => interruptIfStalled(tx, task, rules))) interrupted += 1;
  return interrupted;
}

async function interruptIfStalled(tx: Tx, { id, job_id }: Pick<TaskRow, 'id' | 'job_id'>, rules: Rules) {
  const job = await lockJob(tx, job_id);
  const stalled = await stalledTasks(tx.db, tx.now, rules).where('id', '=', id).executeTakeFirst();
  const task = stalled && (await findTask(tx.db, id));
  if (!job || !task || task.token === null) return false;
  const minutes = Math.round(rules.stalledMs / 60_000);
  const error = failure('ffmpeg_stalled', `the worker reported no progress for ${minutes} min`);
  await interruptTask(tx, { ...{ job, task, attempt: task.token, error, rules }, counted: true, again: 'later' });
  return true;
}

function stalledTasks(db: Db, now: number, { stalledMs }: Rules) {
  return db
    .selectFrom('tasks')
    .select(['id', 'job_id'])
    .where('state', '=', 'running')
    .where('lease_until', '>=', now)
    .where((where) => where(where.fn.coalesce('progress_at', 'claimed_at'), '<', now - stalledMs));
}
