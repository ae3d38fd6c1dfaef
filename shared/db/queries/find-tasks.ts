import type { TaskId } from '../../job/ids.ts';
import type { TaskRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** The tasks with these ids, in no particular order. */
export async function findTasks(db: Db, ids: readonly TaskId[]): Promise<TaskRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('tasks')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
}
