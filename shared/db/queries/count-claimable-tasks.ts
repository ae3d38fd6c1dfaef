import type { Db } from '../store.ts';

/**
 * How many tasks of each class could be claimed now, whoever asks; offered publications count for every class and stand
 * under `null`. Cheap when nothing waits, which is when it is asked: each second, for all waiting claims together.
 */
export async function countClaimableTasks(db: Db, now: number): Promise<Map<string | null, number>> {
  const pending = await db
    .selectFrom('tasks')
    .select((select) => ['class', select.fn.countAll<number>().as('count')])
    .where('state', '=', 'pending')
    .where((where) => where.or([where('not_before', 'is', null), where('not_before', '<=', now)]))
    .groupBy('class')
    .execute();
  const offered = await db
    .selectFrom('tasks')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('offered', '=', 1)
    .where('state', '=', 'committing')
    .executeTakeFirstOrThrow();
  const counts = new Map<string | null, number>(pending.map((row) => [row.class, Number(row.count)]));
  if (Number(offered.count) > 0) counts.set(null, Number(offered.count));
  return counts;
}
