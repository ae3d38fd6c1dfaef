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
    .set((row) => ({
      // First: MariaDB gives the assignments behind it what the ones before have already changed. A lease that had run
      // out means that nobody was told of progress: a stall is counted from now on.
      progress_at: row
        .case()
        .when(row.or([row('progress', '!=', progress), row('lease_until', '<', tx.now)]))
        .then(tx.now)
        .else(row.ref('progress_at'))
        .end(),
      ...{ lease_until: tx.now + leaseMs, progress, fps, speed },
    }))
    .where('id', '=', task_id)
    .where('token', '=', token)
    .where('state', 'in', ['running', 'committing'])
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}
