import type { EventBody } from '../../wire/events.ts';
import { eventBodyOf } from '../event-body.ts';
import type { Db } from '../store.ts';

/** The events after a position that belong to no job. They are few: a worker comes, goes, is drained. */
export async function readWorkerEvents(db: Db, after: number): Promise<EventBody[]> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('job_id', 'is', null)
    .where('position', '>', after)
    .orderBy('position')
    .execute();
  return rows.map(eventBodyOf);
}
