import type { JobId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/** Whether a worker has yet to confirm that it ended a task of the job. */
export async function hasCancelingTask(db: Db, jobId: JobId): Promise<boolean> {
  const task = await db
    .selectFrom('tasks')
    .select('id')
    .where('job_id', '=', jobId)
    .where('state', '=', 'canceling')
    .executeTakeFirst();
  return task !== undefined;
}
