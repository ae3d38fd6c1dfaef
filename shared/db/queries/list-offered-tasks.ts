import type { TaskRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** Committing tasks of these classes whose holder is gone: whoever claims one finishes the publication. Oldest job first. */
export async function listOfferedTasks(db: Db, classes: readonly string[]): Promise<TaskRow[]> {
  if (classes.length === 0) return [];
  return db
    .selectFrom('tasks')
    .selectAll()
    .where('offered', '=', 1)
    .where('state', '=', 'committing')
    .where('class', 'in', classes)
    .orderBy('job_number')
    .limit(5)
    .execute();
}
