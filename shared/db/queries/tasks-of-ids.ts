import type { TaskId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/** The tasks with these ids, of which there is at least one, in no particular order. */
export function tasksOfIds(db: Db, ids: readonly TaskId[]) {
  return db
    .selectFrom('tasks')
    .selectAll()
    .where('id', 'in', [...ids]);
}
