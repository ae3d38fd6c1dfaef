import type { AttemptId } from '../../job/ids.ts';
import { taskStatesBefore } from '../../job/transitions.ts';
import type { JobRow, TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { recordEvents } from './record-events.ts';

/**
 * Makes a task `running` for the attempt that claimed it last: on the first sign of life, or when its lease had run out
 * and nobody else has claimed the task since (PROTOCOL A3). Returns whether it is running for this attempt now.
 */
export async function startTask(
  tx: Tx,
  job: JobRow,
  task: TaskRow,
  attempt: AttemptId,
  leaseMs: number,
): Promise<boolean> {
  if (task.state === 'running') return task.token === attempt;
  const changed = await tx.db
    .updateTable('tasks')
    .set({ state: 'running', lease_until: tx.now + leaseMs, progress_at: tx.now, not_before: null, pending_at: null })
    .where('id', '=', task.id)
    .where('token', '=', attempt)
    .where('state', 'in', taskStatesBefore('running'))
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return false;
  const started = await tx.db
    .updateTable('jobs')
    .set((row) => ({ state: 'running', started_at: row.fn.coalesce('started_at', row.val(tx.now)) }))
    .where('id', '=', job.id)
    .where('state', 'in', ['pending', 'assigned'])
    .executeTakeFirst();
  await recordEvents(tx, job.id, [
    ...(started.numUpdatedRows > 0n ? [{ event: 'job.running' as const }] : []),
    {
      event: 'task.running',
      taskId: task.id,
      attempt: task.attempt,
      ...(task.worker_id === null ? {} : { workerId: task.worker_id }),
      data: { kind: task.kind, ordinal: task.ordinal },
    },
  ]);
  return true;
}
