import { FINAL_TASK_STATES, type TaskState } from '../../job/transitions.ts';
import type { Db } from '../store.ts';

/** Final tasks are left out: there are ever more of them, and their jobs say enough. */
export async function countTasksByStateAndClass(db: Db): Promise<{ state: TaskState; class: string; count: number }[]> {
  return db
    .selectFrom('tasks')
    .select((select) => ['state', 'class', select.fn.countAll<number>().as('count')])
    .where('state', 'not in', [...FINAL_TASK_STATES])
    .groupBy(['state', 'class'])
    .execute();
}
