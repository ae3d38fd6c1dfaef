import type { JobId } from '../../job/ids.ts';
import { FINAL_JOB_STATES } from '../../job/transitions.ts';
import type { Db } from '../store.ts';

/** Those of the jobs that are completed, failed or canceled. A job that the database does not know is not among them. */
export async function listOverJobs(db: Db, ids: readonly JobId[]): Promise<JobId[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('jobs')
    .select('id')
    .where('id', 'in', [...ids])
    .where('state', 'in', [...FINAL_JOB_STATES])
    .execute();
  return rows.map((row) => row.id);
}
