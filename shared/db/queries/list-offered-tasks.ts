import type { TaskRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** Committing tasks whose holder is gone: whoever claims one finishes the publication. Oldest job first. */
export async function listOfferedTasks(db: Db): Promise<TaskRow[]> {
  return db
    .selectFrom('tasks')
    .selectAll()
    .where('offered', '=', 1)
    .where('state', '=', 'committing')
    .orderBy('job_number')
    .limit(5)
    .execute();
}
