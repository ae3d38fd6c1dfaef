import type { AttemptId, TaskId } from '../../job/ids.ts';
import type { Tx } from '../store.ts';

type Renewal = { task_id: TaskId; token: AttemptId; progress: number; fps: number | null; speed: number | null };

/** Renews the lease of an attempt that runs or publishes, and notes its progress. Returns whether it held the task. */
export async function renewLeaseIfHeld(
  tx: Tx,
  { task_id, token, progress, fps, speed }: Renewal,
  leaseMs: number,
): Promise<boolean> {
  const changed = await tx.db
    .updateTable('tasks')
    .set({ lease_until: tx.now + leaseMs, progress, fps, speed })
    .where('id', '=', task_id)
    .where('token', '=', token)
    .where('state', 'in', ['running', 'committing'])
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}
