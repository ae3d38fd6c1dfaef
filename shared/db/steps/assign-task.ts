import type { AttemptId, InstanceId, WorkerId } from '../../job/ids.ts';
import { insertAttempt } from '../queries/insert-attempt.ts';
import type { TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';

type Claim = { readonly attempt: AttemptId; readonly worker: WorkerId; readonly instance: InstanceId };

/**
 * Gives a pending task to an attempt, at the transaction's end. The caller has locked the job and seen since that the
 * task is as it is given here: nobody but who holds the job's row may change that.
 */
export async function assignTask(tx: Tx, task: TaskRow, claim: Claim & { readonly leaseMs: number }): Promise<void> {
  tx.atEnd.push(
    tx.db
      .updateTable('tasks')
      .set({
        state: 'assigned',
        token: claim.attempt,
        worker_id: claim.worker,
        attempt: task.attempt + 1,
        lease_until: tx.now + claim.leaseMs,
        claimed_at: tx.now,
        deadline_at: task.timeout_ms > 0 ? tx.now + task.timeout_ms : null,
        pending_at: null,
        progress_at: tx.now,
        progress: 0,
        fps: null,
        speed: null,
      })
      .where('id', '=', task.id),
  );
  await insertAttempt(tx, task, { ...claim, settles: null });
}
