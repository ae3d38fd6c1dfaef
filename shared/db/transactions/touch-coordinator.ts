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
    const known = await tx.db.selectFrom('coordinators').selectAll().where('id', '=', id).executeTakeFirst();
    if (!known) {
      await tx.db.insertInto('coordinators').values({ id, since_at: tx.now, seen_at: tx.now }).execute();
      return;
    }
    const since = tx.now - known.seen_at > rules.coordinatorGapMs ? tx.now : known.since_at;
    await tx.db.updateTable('coordinators').set({ since_at: since, seen_at: tx.now }).where('id', '=', id).execute();
  });
}
