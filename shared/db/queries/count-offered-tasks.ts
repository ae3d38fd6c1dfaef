import type { Db } from '../store.ts';

/** How many publications are offered to be finished, by the class of their tasks. */
export async function countOfferedTasks(db: Db): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('tasks')
    .select((select) => ['class', select.fn.countAll<number>().as('count')])
    .where('offered', '=', 1)
    .where('state', '=', 'committing')
    .groupBy('class')
    .execute();
  return new Map(rows.map((row) => [row.class, Number(row.count)]));
}
