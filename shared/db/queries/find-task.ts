import type { TaskId } from '../../job/ids.ts';
import type { TaskRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** The task of that id; undefined when there is none (any more). */
export async function findTask(db: Db, id: TaskId): Promise<TaskRow | undefined> {
  return taskOfId(db, id).executeTakeFirst();
}

/** The query behind it, to be sent together with others. */
export function taskOfId(db: Db, id: TaskId) {
  return db.selectFrom('tasks').selectAll().where('id', '=', id);
}
