import type { JobRow } from '../rows.ts';
import type { Db } from '../store.ts';
import { type JobFilter, matchJobs } from './count-jobs.ts';

/** Jobs that match, newest first: those numbered below `before`, or from the newest on. */
export async function listJobs(
  db: Db,
  { filter, limit, before }: { filter: JobFilter; limit: number; before: number | null },
): Promise<JobRow[]> {
  let query = db.selectFrom('jobs').selectAll().where(matchJobs(filter)).orderBy('number', 'desc').limit(limit);
  if (before !== null) query = query.where('number', '<', before);
  return query.execute();
}
