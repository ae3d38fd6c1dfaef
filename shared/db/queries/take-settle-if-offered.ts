import type { AttemptId, WorkerId } from '../../job/ids.ts';
import type { TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';

/** Gives an offered publication to a settler, unless somebody was faster or it is finished. Returns whether it did. */
export async function takeSettleIfOffered(
  tx: Tx,
  task: TaskRow,
  claim: { attempt: AttemptId; worker: WorkerId; leaseMs: number },
): Promise<boolean> {
  const changed = await tx.db
    .updateTable('tasks')
    .set((row) => ({
      offered: 0,
      token: claim.attempt,
      worker_id: claim.worker,
      attempt: row('attempt', '+', 1),
      lease_until: tx.now + claim.leaseMs,
      claimed_at: tx.now,
    }))
    .where('id', '=', task.id)
    .where('state', '=', 'committing')
    .where('offered', '=', 1)
    .where('winner', '=', task.winner)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}
