import type { Rules } from '../rules.ts';
import type { Store } from '../store.ts';

/**
 * Notes that a coordinator is ready and its database writable. `since_at` restarts after a gap, so that it says for how
 * long leases could have been renewed without interruption.
 */
export async function touchCoordinator(
  store: Store,
  id: string,
  { coordinatorGapMs }: Pick<Rules, 'coordinatorGapMs'>,
): Promise<void> {
  const known = store.db.selectFrom('coordinators').select(['since_at', 'seen_at']).where('id', '=', id);
  await store.transaction(
    async (tx, [[row]]) => {
      const since = row === undefined || row.seen_at < tx.now - coordinatorGapMs ? tx.now : row.since_at;
      const seen = { since_at: since, seen_at: tx.now };
      tx.atEnd.push(
        row === undefined
          ? tx.db.insertInto('coordinators').values({ id, ...seen })
          : tx.db.updateTable('coordinators').set(seen).where('id', '=', id),
      );
    },
    [known],
  );
}
