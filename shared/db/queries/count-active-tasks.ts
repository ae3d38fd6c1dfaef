import type { WorkerId } from '../../job/ids.ts';
import { HELD_TASK_STATES } from '../../job/transitions.ts';
import type { Db } from '../store.ts';

/** How many tasks each worker holds; one that holds none is not in the map. */
export async function countActiveTasks(db: Db): Promise<Map<WorkerId, number>> {
  const rows = await db
    .selectFrom('tasks')
    .select((select) => ['worker_id', select.fn.countAll<number>().as('count')])
    .where('worker_id', 'is not', null)
    .where('state', 'in', [...HELD_TASK_STATES])
    .groupBy('worker_id')
    .execute();
  return new Map(rows.flatMap((row) => (row.worker_id === null ? [] : [[row.worker_id, Number(row.count)]])));
}
