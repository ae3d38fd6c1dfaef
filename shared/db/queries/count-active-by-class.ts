import type { WorkerId } from '../../job/ids.ts';
import type { QueueClass } from '../../job/queue-class.ts';
import { HELD_TASK_STATES } from '../../job/transitions.ts';
import type { Db } from '../store.ts';

/** How many tasks of each class a worker holds; one that holds none is not in the map. */
export async function countActiveByClass(db: Db): Promise<Map<WorkerId, Map<QueueClass, number>>> {
  const rows = await db
    .selectFrom('tasks')
    .select((select) => ['worker_id', 'class', select.fn.countAll<number>().as('count')])
    .where('worker_id', 'is not', null)
    .where('state', 'in', [...HELD_TASK_STATES])
    .groupBy(['worker_id', 'class'])
    .execute();
  const counts = new Map<WorkerId, Map<QueueClass, number>>();
  for (const { worker_id: worker, class: name, count } of rows) {
    if (worker === null) continue;
    counts.set(worker, (counts.get(worker) ?? new Map<QueueClass, number>()).set(name, Number(count)));
  }
  return counts;
}
