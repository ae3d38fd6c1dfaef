import { AppError } from '../../errors.ts';
import type { WorkerId } from '../../job/ids.ts';
import { recordWorkerEvent } from '../steps/record-events.ts';
import type { Store } from '../store.ts';

/**
 * The worker finishes what it has and takes no more, until it is resumed. It shows as `draining` if it was online: one
 * that is offline, in error or quarantined takes nothing anyway, stays that, and is drained when it is back. Safe to
 * call twice.
 *
 * A claim looks at the worker's row but neither writes nor locks it: a lock would make a worker's claims and heartbeats
 * wait for each other, and would hold on one node only. So a claim that is granted at the same moment slips in: the worker
 * may have one task more than is seen right after the drain. It does no harm: that task is finished, or given back
 * uncounted when the worker is shut down, like any that it had before.
 *
 * @throws AppError `unknown_worker`.
 */
export async function drainWorker(store: Store, id: WorkerId): Promise<void> {
  await store.transaction(async (tx) => {
    const drained = await tx.db.updateTable('workers').set({ drain: 1 }).where('id', '=', id).executeTakeFirst();
    if (drained.numUpdatedRows === 0n) throw new AppError('unknown_worker', `there is no worker ${id}`);
    const shown = await tx.db
      .updateTable('workers')
      .set({ status: 'draining' })
      .where('id', '=', id)
      .where('status', '=', 'online')
      .executeTakeFirst();
    if (shown.numUpdatedRows > 0n) await recordWorkerEvent(tx, { event: 'worker.draining', workerId: id });
  });
}
