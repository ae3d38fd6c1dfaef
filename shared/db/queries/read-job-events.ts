import type { JobId } from '../../job/ids.ts';
import type { EventBody } from '../../wire/events.ts';
import { eventBodyOf } from '../event-body.ts';
import type { Db } from '../store.ts';

type Asked = {
  readonly jobId: JobId;
  /** Only those with a higher `seq`. */
  readonly afterSeq: number;
  /** Only those after this position, too. */
  readonly afterPosition?: number;
  readonly limit: number;
};

/** A job's stored events in order. `seq` has no gaps: it is drawn under the job's row. */
export async function readJobEvents(
  db: Db,
  { jobId, afterSeq, afterPosition = 0, limit }: Asked,
): Promise<EventBody[]> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('job_id', '=', jobId)
    .where('seq', '>', afterSeq)
    .where('position', '>', afterPosition)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(eventBodyOf);
}
