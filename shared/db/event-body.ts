import type { EventBody } from '../wire/events.ts';
import { isoTime } from '../wire/times.ts';
import type { EventsTable } from './schema.ts';

type EventRow = Omit<EventsTable, 'position' | 'published'>;

/** A stored event as it goes over the wire: fields that do not apply are left out. */
export function eventBodyOf(row: EventRow): EventBody {
  return {
    v: 1,
    id: row.id,
    seq: row.seq,
    event: row.event,
    at: isoTime(row.at),
    job_id: row.job_id,
    ...(row.task_id === null ? {} : { task_id: row.task_id }),
    ...(row.worker_id === null ? {} : { worker_id: row.worker_id }),
    ...(row.attempt === null ? {} : { attempt: row.attempt }),
    data: JSON.parse(row.data) as Record<string, unknown>,
  };
}
