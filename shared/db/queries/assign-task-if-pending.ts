import type { AttemptId, InstanceId, WorkerId } from '../../job/ids.ts';
import { taskStatesBefore } from '../../job/transitions.ts';
import type { TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { mayBeGiven } from './may-be-given.ts';

/** Gives a pending task to an attempt, unless somebody was faster or the worker may take none now. Returns whether it did. */
export async function assignTaskIfPending(
  tx: Tx,
  task: TaskRow,
  claim: { attempt: AttemptId; worker: WorkerId; instance: InstanceId; leaseMs: number },
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
    .where(mayBeGiven(claim))
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}
