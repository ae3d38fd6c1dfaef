import type { JobId } from '../../job/ids.ts';
import type { TaskRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** All tasks of a job, in the order in which they were planned. */
export async function listTasks(db: Db, jobId: JobId): Promise<TaskRow[]> {
  return db.selectFrom('tasks').selectAll().where('job_id', '=', jobId).orderBy('kind').orderBy('ordinal').execute();
}
