import type { JobId } from '../../job/ids.ts';
import type { JobRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** The jobs with these ids, at most a thousand, in no particular order. */
export async function findJobs(db: Db, ids: readonly JobId[]): Promise<JobRow[]> {
  if (ids.length === 0) return [];
  return db
    .selectFrom('jobs')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
}
