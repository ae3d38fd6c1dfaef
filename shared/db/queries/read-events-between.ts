import type { EventBody } from '../../wire/events.ts';
import { eventBodyOf } from '../event-body.ts';
import type { Db } from '../store.ts';

/** A stored event and its place in the log of all. */
export type StoredEvent = { readonly position: number; readonly event: EventBody };

/**
 * Stored events of all jobs and workers in the order of their positions: after one, up to and with another. Without a
 * limit all that one look of the database sees: of a job then, whatever is younger than one of its events is there too
 * or was not committed yet.
 */
export async function readEventsBetween(
  db: Db,
  { after, until, limit }: { after: number; until?: number; limit?: number },
): Promise<StoredEvent[]> {
  let query = db.selectFrom('events').selectAll().where('position', '>', after).orderBy('position');
  if (limit !== undefined) query = query.limit(limit);
  if (until !== undefined) query = query.where('position', '<=', until);
  const rows = await query.execute();
  return rows.map((row) => ({ position: row.position, event: eventBodyOf(row) }));
}
