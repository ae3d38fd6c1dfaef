import type { Compilable } from 'kysely';
import { AppError } from '../errors.ts';
import { type JobId, newId } from '../job/ids.ts';
import type { EventBody } from '../wire/events.ts';
import { eventBodyOf } from './event-body.ts';
import type { RecordedEvent, Tx } from './store.ts';

/** How many rows go into one INSERT: well under SQLite's 32,766 and MariaDB's 65,535 bound values. */
const ROWS_AT_ONCE = 1_000;

/**
 * Writes the events that a transaction recorded, as the last thing it does, with whatever it kept for its end: each of
 * a job with the job's next sequence number, drawn under the job's row. Returns them as they are to be announced after
 * the commit. `last` is sent along with them.
 */
export async function writeEvents(tx: Tx, last: readonly Compilable[] = []): Promise<EventBody[]> {
  const nextSeq = new Map<JobId, number>();
  for (const [jobId, events] of eventsByJob(tx.recorded)) nextSeq.set(jobId, await drawSeq(tx, jobId, events.length));
  const rows = tx.recorded.map((event) => rowOf(tx, event, takeNext(nextSeq, event.jobId)));
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    tx.atEnd.push(tx.db.insertInto('events').values(rows.slice(from, from + ROWS_AT_ONCE)));
  if (tx.atEnd.length > 0) await tx.run([...tx.atEnd, ...last]);
  return rows.map(eventBodyOf);
}

function eventsByJob(recorded: readonly RecordedEvent[]): Map<JobId, RecordedEvent[]> {
  const ofJobs = recorded.flatMap((event) => (event.jobId === null ? [] : [{ ...event, jobId: event.jobId }]));
  return Map.groupBy(ofJobs, (event) => event.jobId);
}

/** Raises the job's counter by so many and returns the first number of them. */
async function drawSeq(tx: Tx, jobId: JobId, count: number): Promise<number> {
  const known = tx.newestSeq.get(jobId);
  if (known?.counted) return known.seq - count + 1;
  const raise = tx.db
    .updateTable('jobs')
    .set((row) => ({ event_seq: row('event_seq', '+', count) }))
    .where('id', '=', jobId);
  if (known) {
    tx.atEnd.push(raise);
    return known.seq + 1;
  }
  const [, [job]] = await tx.run([raise, tx.db.selectFrom('jobs').select('event_seq').where('id', '=', jobId)]);
  if (!job) throw new AppError('internal', `an event was recorded for job ${jobId}, which is not there`);
  return job.event_seq - count + 1;
}

/** 0 for an event of no job. */
function takeNext(nextSeq: Map<JobId, number>, jobId: JobId | null): number {
  if (jobId === null) return 0;
  const seq = nextSeq.get(jobId) ?? 0;
  nextSeq.set(jobId, seq + 1);
  return seq;
}

function rowOf(tx: Tx, event: RecordedEvent, seq: number) {
  return {
    id: newId(tx.now),
    job_id: event.jobId,
    seq,
    event: event.event,
    task_id: event.taskId ?? null,
    worker_id: event.workerId ?? null,
    attempt: event.attempt ?? null,
    at: tx.now,
    data: JSON.stringify(event.data ?? {}),
    published: tx.outbox ? 0 : 1,
  };
}
