import type { JobId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/**
 * Jobs (null: the workers) of which some event, written before a moment, was not published: what whoever wrote it left
 * behind. At most `limit`, in no particular order.
 */
export async function listUnpublishedJobs(
  db: Db,
  { before, limit }: { before: number; limit: number },
): Promise<(JobId | null)[]> {
  const rows = await db
    .selectFrom('events')
    .select('job_id')
    .distinct()
    .where('published', '=', 0)
    .where('at', '<', before)
    .limit(limit)
    .execute();
  return rows.map((row) => row.job_id);
}
