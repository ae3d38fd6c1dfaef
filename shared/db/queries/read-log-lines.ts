import type { JobId } from '../../job/ids.ts';
import type { LogLineRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** Lines of a job's log in the order of their numbers: those above `after`, up to and with `until`, at most `limit`. */
export async function readLogLines(
  db: Db,
  { jobId, after, until, limit }: { jobId: JobId; after: number; until?: number; limit: number },
): Promise<LogLineRow[]> {
  let query = db
    .selectFrom('log_lines')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit);
  if (until !== undefined) query = query.where('seq', '<=', until);
  return query.execute();
}
