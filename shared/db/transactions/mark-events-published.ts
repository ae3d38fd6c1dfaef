import type { Store } from '../store.ts';

/** How many ids go into one statement: well under what SQLite and MariaDB bind. */
const AT_ONCE = 500;

/** Notes that the broker has confirmed these events. Safe to repeat. */
export async function markEventsPublished(store: Store, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const batch = ids.slice(from, from + AT_ONCE);
    await store.transaction(async (tx) => {
      const mark = tx.db.updateTable('events').set({ published: 1 }).where('id', 'in', batch);
      tx.atEnd.push(mark.where('published', '=', 0));
    });
  }
}
