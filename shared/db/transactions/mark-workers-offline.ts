import type { Rules } from '../rules.ts';
import { recordWorkerEvent } from '../steps/record-events.ts';
import type { Store } from '../store.ts';

const HEARD_OF = ['online', 'draining', 'error'] as const;

/** Shows workers as offline that have been silent for too long. Returns how many there were. */
export async function markWorkersOffline(store: Store, rules: Rules): Promise<number> {
  return store.transaction(async (tx) => {
    const silent = await tx.db
      .selectFrom('workers')
      .select(['id', 'name'])
      .where('status', 'in', HEARD_OF)
      .where('last_heartbeat_at', '<', tx.now - rules.offlineMs)
      .orderBy('id')
      .execute();
    let marked = 0;
    for (const worker of silent) {
      const changed = await tx.db
        .updateTable('workers')
        .set({ status: 'offline' })
        .where('id', '=', worker.id)
        .where('status', 'in', HEARD_OF)
        .where('last_heartbeat_at', '<', tx.now - rules.offlineMs)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 0n) continue;
      marked += 1;
      await recordWorkerEvent(tx, { event: 'worker.offline', workerId: worker.id, data: { name: worker.name } });
    }
    return marked;
  });
}
