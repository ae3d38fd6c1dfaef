import { AppError } from '../../errors.ts';
import type { WorkerId } from '../../job/ids.ts';
import { recordWorkerEvent } from '../steps/record-events.ts';
import type { Store } from '../store.ts';

/** Ends a drain or a quarantine: the worker takes work again. @throws AppError `unknown_worker`. */
export async function resumeWorker(store: Store, id: WorkerId): Promise<void> {
  await store.transaction(async (tx) => {
    const changed = await tx.db
      .updateTable('workers')
      .set({ drain: 0, status: 'online', interruptions: 0, last_interrupted_task: null, last_interrupted_at: null })
      .where('id', '=', id)
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) throw new AppError('unknown_worker', `there is no worker ${id}`);
    await recordWorkerEvent(tx, { event: 'worker.online', workerId: id });
  });
}
