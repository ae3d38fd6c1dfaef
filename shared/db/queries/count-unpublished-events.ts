import type { Db } from '../store.ts';

/** How many events wait for the broker: the outbox. */
export async function countUnpublishedEvents(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('events')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('published', '=', 0)
    .executeTakeFirstOrThrow();
  return Number(count);
}
