import type { JobId } from '../../job/ids.ts';
import type { AttemptRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** All attempts at a job's tasks, each task's in order. */
export async function listAttempts(db: Db, jobId: JobId): Promise<AttemptRow[]> {
  return db
    .selectFrom('attempts')
    .selectAll()
    .where('job_id', '=', jobId)
    .orderBy('task_id')
    .orderBy('number')
    .orderBy('started_at')
    .execute();
}
