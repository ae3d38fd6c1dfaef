import type { Db } from '../store.ts';

/**
 * How many tasks of each class could be claimed now, whoever asks. Cheap when nothing waits, which is when it is asked:
 * each second, for all waiting claims together.
 */
export async function countClaimableTasks(db: Db, now: number): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('tasks')
    .select((select) => ['class', select.fn.countAll<number>().as('count')])
    .where('state', '=', 'pending')
    .where((where) => where.or([where('not_before', 'is', null), where('not_before', '<=', now)]))
    .groupBy('class')
    .execute();
  return new Map(rows.map((row) => [row.class, Number(row.count)]));
}
