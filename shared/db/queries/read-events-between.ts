import type { JobId } from '../../job/ids.ts';
import type { EventBody } from '../../wire/events.ts';
import { eventBodyOf } from '../event-body.ts';
import type { Db } from '../store.ts';

/** A committed event and its place in the log: who knows the place goes on from there without gap or repetition. */
export type StoredEvent = { readonly position: number; readonly event: EventBody };

/** Stored events in commit order, at most `limit`: after one position, up to and with another, of one job or of all. */
export async function readEventsBetween(
  db: Db,
  { after, until, jobId, limit }: { after: number; until?: number; jobId?: JobId | undefined; limit: number },
): Promise<StoredEvent[]> {
  let query = db.selectFrom('events').selectAll().where('position', '>', after).orderBy('position').limit(limit);
  if (until !== undefined) query = query.where('position', '<=', until);
  if (jobId !== undefined) query = query.where('job_id', '=', jobId);
  const rows = await query.execute();
  return rows.map((row) => ({ position: row.position, event: eventBodyOf(row) }));
}
