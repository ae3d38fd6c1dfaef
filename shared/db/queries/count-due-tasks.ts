import type { Db } from '../store.ts';

/**
 * How many pending tasks of each class became due between two moments: retries and interrupted tasks, whose tokens are
 * published only then (PROTOCOL A5).
 */
export async function countDueTasks(
  db: Db,
  { after, until }: { after: number; until: number },
): Promise<{ queueClass: string; count: number }[]> {
  const rows = await db
    .selectFrom('tasks')
    .select((select) => ['class as queueClass', select.fn.countAll<number>().as('count')])
    .where('state', '=', 'pending')
    .where('not_before', '>', after)
    .where('not_before', '<=', until)
    .groupBy('class')
    .execute();
  return rows.map(({ queueClass, count }) => ({ queueClass, count: Number(count) }));
}
