import type { Store } from '../store.ts';

/** Each start of a coordinator makes a row of its own: those unseen for a day say nothing about anybody's lease. */
const UNSEEN_MS = 24 * 3_600_000;

/** Removes the rows of coordinators that are long gone. Returns how many there were. */
export async function forgetCoordinators(store: Store): Promise<number> {
  return store.transaction(async (tx) => {
    const removed = await tx.db
      .deleteFrom('coordinators')
      .where('seen_at', '<', tx.now - UNSEEN_MS)
      .executeTakeFirst();
    return Number(removed.numDeletedRows);
  });
}
