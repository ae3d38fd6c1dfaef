import type { JobId } from '../../job/ids.ts';
import type { LogLineRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** Lines of a job's log in the order in which they came in: those numbered above `after`, at most `limit`. */
export async function readLogLines(
  db: Db,
  { jobId, after, limit }: { jobId: JobId; after: number; limit: number },
): Promise<LogLineRow[]> {
  return db
    .selectFrom('log_lines')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
}
