import type { WorkerId } from '../../job/ids.ts';
import type { Tx } from '../store.ts';

/**
 * A worker finished a task: its interruptions in a row begin anew. Looks first, since there are hardly ever any: an
 * update would keep the heartbeat and all other reports of this worker waiting until this transaction is committed.
 */
export async function clearInterruptions(tx: Tx, workerId: WorkerId): Promise<void> {
  const interrupted = await tx.db
    .selectFrom('workers')
    .select('id')
    .where('id', '=', workerId)
    .where('interruptions', '>', 0)
    .executeTakeFirst();
  if (interrupted) await tx.db.updateTable('workers').set({ interruptions: 0 }).where('id', '=', workerId).execute();
}
