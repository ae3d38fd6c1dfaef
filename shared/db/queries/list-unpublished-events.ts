import type { JobId } from '../../job/ids.ts';
import type { EventBody } from '../../wire/events.ts';
import { eventBodyOf } from '../event-body.ts';
import type { Db } from '../store.ts';

/** Whose unpublished events are wanted: those of jobs, or (null) those of workers; at most `limit`. */
export type Unpublished = { readonly jobIds: readonly JobId[] | null; readonly limit: number };

/**
 * Events that the broker has not confirmed yet. Of jobs: job after job in the order of `seq`, from one look of the
 * database, so that no lower one is missing where a higher one is there (PROTOCOL A18); the limit cuts off the end.
 */
export async function listUnpublishedEvents(db: Db, wanted: Unpublished): Promise<EventBody[]> {
  const query = db.selectFrom('events').selectAll().where('published', '=', 0);
  if (wanted.jobIds === null) {
    const rows = await query.where('job_id', 'is', null).orderBy('position').limit(wanted.limit).execute();
    return rows.map(eventBodyOf);
  }
  if (wanted.jobIds.length === 0) return [];
  const rows = await query
    .where('job_id', 'in', [...wanted.jobIds])
    .orderBy('job_id')
    .orderBy('seq')
    .limit(wanted.limit)
    .execute();
  return rows.map(eventBodyOf);
}
