import type { AttemptId, JobId, WorkerId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/** The attempts of a job that have been asked to end and have not confirmed it, with the workers that have them. */
export async function listCancelingAttempts(db: Db, jobId: JobId): Promise<{ attempt: AttemptId; worker: WorkerId }[]> {
  const rows = await db
    .selectFrom('tasks')
    .select(['token', 'worker_id'])
    .where('job_id', '=', jobId)
    .where('state', '=', 'canceling')
    .execute();
  return rows.flatMap(({ token, worker_id }) =>
    token === null || worker_id === null ? [] : [{ attempt: token, worker: worker_id }],
  );
}
