import { AppError } from '../../errors.ts';
import type { WorkerId } from '../../job/ids.ts';
import { recordWorkerEvent } from '../steps/record-events.ts';
import type { Store } from '../store.ts';

/**
 * Ends a drain and a quarantine, for which there is no other way out: the worker takes work again, and its incidents are
 * counted anew. If it has been silent meanwhile, the next sweep shows it as offline; one that is offline or in error
 * stays so until it says otherwise. Safe to call twice.
 *
 * @throws AppError `unknown_worker`.
 */
export async function resumeWorker(store: Store, id: WorkerId): Promise<void> {
  await store.transaction(async (tx) => {
    const resumed = await tx.db
      .updateTable('workers')
      .set({ drain: 0, interruptions: 0, last_interrupted_task: null, last_interrupted_at: null })
      .where('id', '=', id)
      .executeTakeFirst();
    if (resumed.numUpdatedRows === 0n) throw new AppError('unknown_worker', `there is no worker ${id}`);
    const shown = await tx.db
      .updateTable('workers')
      .set({ status: 'online' })
      .where('id', '=', id)
      .where('status', 'in', ['draining', 'quarantined'])
      .executeTakeFirst();
    if (shown.numUpdatedRows > 0n) await recordWorkerEvent(tx, { event: 'worker.online', workerId: id });
  });
}
