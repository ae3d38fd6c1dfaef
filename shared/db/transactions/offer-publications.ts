import type { Rules } from '../rules.ts';
import type { Store } from '../store.ts';

/**
 * Offers committing tasks to settlers: those whose lease ran out, and those that take suspiciously long under a fresh
 * one. The decision stands; only somebody else may now carry it out too. Returns how many there were.
 */
export async function offerPublications(store: Store, rules: Rules): Promise<number> {
  return store.transaction(async (tx) => {
    const late = tx.now - rules.settleMs;
    const changed = await tx.db
      .updateTable('tasks')
      .set({ offered: 1 })
      .where('state', '=', 'committing')
      .where('offered', '=', 0)
      .where((where) =>
        where.or([
          where('lease_until', '<', tx.now),
          where.and([where('committed_at', '<', late), where('claimed_at', '<', late)]),
        ]),
      )
      .executeTakeFirst();
    return Number(changed.numUpdatedRows);
  });
}
