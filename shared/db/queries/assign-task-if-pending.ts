import type { AttemptId, WorkerId } from '../../job/ids.ts';
import { taskStatesBefore } from '../../job/transitions.ts';
import type { TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';

/** Gives a pending task to an attempt, unless somebody was faster. Returns whether it did. */
export async function assignTaskIfPending(
  tx: Tx,
  task: TaskRow,
  claim: { attempt: AttemptId; worker: WorkerId; leaseMs: number },
): Promise<boolean> {
  const changed = await tx.db
    .updateTable('tasks')
    .set((row) => ({
      state: 'assigned',
      token: claim.attempt,
      worker_id: claim.worker,
      attempt: row('attempt', '+', 1),
      lease_until: tx.now + claim.leaseMs,
      claimed_at: tx.now,
      deadline_at: task.timeout_ms > 0 ? tx.now + task.timeout_ms : null,
      pending_at: null,
      progress_at: tx.now,
      progress: 0,
      fps: null,
      speed: null,
    }))
    .where('id', '=', task.id)
    .where('state', 'in', taskStatesBefore('assigned'))
    .where('attempt', '=', task.attempt)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}
