import type { TaskId } from '../../job/ids.ts';
import type { TaskRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** The task of that id; undefined when there is none (any more). */
export async function findTask(db: Db, id: TaskId): Promise<TaskRow | undefined> {
  return db.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst();
}
