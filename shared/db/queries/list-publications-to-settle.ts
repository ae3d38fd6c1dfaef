import type { TaskId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/** All offered publications, with the class that each belongs to. There are as many as workers that just died. */
export async function listPublicationsToSettle(db: Db): Promise<{ id: TaskId; class: string }[]> {
  return db
    .selectFrom('tasks')
    .select(['id', 'class'])
    .where('offered', '=', 1)
    .where('state', '=', 'committing')
    .execute();
}
