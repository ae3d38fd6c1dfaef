import { type JobId, newId, type TaskId, type WorkerId } from '../../job/ids.ts';
import type { EventName } from '../../wire/events.ts';
import { eventBodyOf } from '../event-body.ts';
import type { Tx } from '../store.ts';

type NewEvent = {
  readonly event: EventName;
  readonly taskId?: TaskId;
  readonly workerId?: WorkerId;
  readonly attempt?: number;
  readonly data?: Record<string, unknown>;
};

/** Writes events of a job, each with the next sequence number, and announces them once the transaction is committed. */
export async function recordEvents(tx: Tx, jobId: JobId, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.db
    .updateTable('jobs')
    .set((row) => ({ event_seq: row('event_seq', '+', events.length) }))
    .where('id', '=', jobId)
    .execute();
  const { event_seq } = await tx.db
    .selectFrom('jobs')
    .select('event_seq')
    .where('id', '=', jobId)
    .executeTakeFirstOrThrow();
  await insert(tx, jobId, event_seq - events.length + 1, events);
}

/** Writes an event that belongs to no job. */
export async function recordWorkerEvent(tx: Tx, event: NewEvent & { readonly workerId: WorkerId }): Promise<void> {
  await insert(tx, null, null, [event]);
}

async function insert(
  tx: Tx,
  jobId: JobId | null,
  firstSeq: number | null,
  events: readonly NewEvent[],
): Promise<void> {
  const rows = events.map((event, index) => ({
    id: newId(tx.now),
    job_id: jobId,
    seq: firstSeq === null ? 0 : firstSeq + index,
    event: event.event,
    task_id: event.taskId ?? null,
    worker_id: event.workerId ?? null,
    attempt: event.attempt ?? null,
    at: tx.now,
    data: JSON.stringify(event.data ?? {}),
  }));
  await tx.db.insertInto('events').values(rows).execute();
  tx.events.push(...rows.map(eventBodyOf));
}
