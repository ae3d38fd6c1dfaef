import type { JobId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/**
 * The last line of a job's log that was kept before a moment (milliseconds since the epoch); 0 when all are younger.
 * Walks back over what was kept since: meant for a moment some seconds ago.
 */
export async function findSettledLine(
  db: Db,
  { jobId, before }: { readonly jobId: JobId; readonly before: number },
): Promise<number> {
  const row = await db
    .selectFrom('log_lines')
    .select('seq')
    .where('job_id', '=', jobId)
    .where((where) => where.or([where('kept_at', 'is', null), where('kept_at', '<', before)]))
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.seq ?? 0;
}
