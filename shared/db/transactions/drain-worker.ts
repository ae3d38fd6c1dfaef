import { AppError } from '../../errors.ts';
import type { WorkerId } from '../../job/ids.ts';
import { recordWorkerEvent } from '../steps/record-events.ts';
import type { Store } from '../store.ts';

/** The worker finishes what it has and takes no more, until it is resumed. @throws AppError `unknown_worker`. */
export async function drainWorker(store: Store, id: WorkerId): Promise<void> {
  await store.transaction(async (tx) => {
    const changed = await tx.db
      .updateTable('workers')
      .set({ drain: 1, status: 'draining' })
      .where('id', '=', id)
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) throw new AppError('unknown_worker', `there is no worker ${id}`);
    await recordWorkerEvent(tx, { event: 'worker.draining', workerId: id });
  });
}
