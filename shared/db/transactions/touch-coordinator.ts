import type { Rules } from '../rules.ts';
import type { Store } from '../store.ts';

/**
 * Notes that a coordinator is ready and its database writable. `since_at` restarts after a gap, so that it says for how
 * long leases could have been renewed without interruption.
 */
export async function touchCoordinator(
  store: Store,
  id: string,
  rules: Pick<Rules, 'coordinatorGapMs'>,
): Promise<void> {
  await store.transaction(async (tx) => {
    const touched = await tx.db
      .updateTable('coordinators')
      .set((row) => ({
        // Before `seen_at`: MariaDB sets from left to right, each from what stands there by then.
        since_at: row
          .case()
          .when('seen_at', '<', tx.now - rules.coordinatorGapMs)
          .then(tx.now)
          .else(row.ref('since_at'))
          .end(),
        seen_at: tx.now,
      }))
      .where('id', '=', id)
      .executeTakeFirst();
    if (touched.numUpdatedRows > 0n) return;
    await tx.db.insertInto('coordinators').values({ id, since_at: tx.now, seen_at: tx.now }).execute();
  });
}
