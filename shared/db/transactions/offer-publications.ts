import type { Rules } from '../rules.ts';
import type { Store } from '../store.ts';

/**
 * Offers committing tasks to settlers: those whose lease ran out, and those that take suspiciously long under a fresh
 * one. The decision stands; only somebody else may now carry it out too. Returns how many there were.
 */
export async function offerPublications(store: Store, rules: Rules): Promise<number> {
  const now = await store.now();
  const changed = await store.db
    .updateTable('tasks')
    .set({ offered: 1 })
    .where('state', '=', 'committing')
    .where('offered', '=', 0)
    .where((where) =>
      where.or([
        where('lease_until', '<', now),
        where.and([where('committed_at', '<', now - rules.settleMs), where('claimed_at', '<', now - rules.settleMs)]),
      ]),
    )
    .executeTakeFirst();
  return Number(changed.numUpdatedRows);
}
