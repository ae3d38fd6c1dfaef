import type { JobId } from '../../job/ids.ts';
import { planProbe } from '../../job/plan/plan-probe.ts';
import type { JobRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import type { PreparedSubmission } from '../submission.ts';
import { insertTasks, pendingEvent } from './insert-tasks.ts';
import { recordEvents } from './record-events.ts';

/** How many rows go into one INSERT: well under SQLite's 32,766 and MariaDB's 65,535 bound values. */
const ROWS_AT_ONCE = 500;
/** `job.created` and the probe's `task.pending`. */
const FIRST_EVENTS = 2;

/**
 * Makes jobs, each with its first task, with as few statements as for one: the counters are written as they will be
 * when the transaction ends. Returns the rows in the order of the submissions. `slots`: of the farm, for the plan.
 */
export async function insertJobs(tx: Tx, submissions: readonly PreparedSubmission[], slots: number): Promise<JobRow[]> {
  if (submissions.length === 0) return [];
  const rows = submissions.map((submission) => rowOf(tx, submission));
  const numbers = await insertAndNumber(tx, rows);
  const jobs = rows.map((row): JobRow => ({ ...row, number: numbers.get(row.id) ?? Number.NaN }));
  const planned = submissions.map(({ id, request }) => planProbe({ jobId: id, request, slots }));
  const tasks = await insertTasks(
    tx,
    jobs.map((job, index) => ({ job, planned: planned[index] as (typeof planned)[number], wanted: null })),
  );
  for (const [index, job] of jobs.entries()) {
    const task = tasks[index] as (typeof tasks)[number];
    tx.newestSeq.set(job.id, { seq: FIRST_EVENTS, counted: true });
    const { number, input, output } = job;
    await recordEvents(tx, job.id, [{ event: 'job.created', data: { number, input, output } }, pendingEvent(task)]);
  }
  return jobs;
}

/** The numbers that the database gave them, by id. */
async function insertAndNumber(tx: Tx, rows: readonly Omit<JobRow, 'number'>[]): Promise<Map<JobId, number>> {
  const numbers = new Map<JobId, number>();
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const batch = rows.slice(from, from + ROWS_AT_ONCE);
    const ids = batch.map(({ id }) => id);
    const [, numbered] = await tx.run([
      tx.db.insertInto('jobs').values(batch),
      tx.db.selectFrom('jobs').select(['id', 'number']).where('id', 'in', ids),
    ]);
    for (const { id, number } of numbered) numbers.set(id, number);
  }
  return numbers;
}

function rowOf(tx: Tx, { id, request, idempotencyKey, hash, reservation }: PreparedSubmission): Omit<JobRow, 'number'> {
  return {
    id,
    state: 'pending',
    stage: 'probe',
    priority: request.priority,
    request: JSON.stringify(request),
    labels: JSON.stringify(request.labels),
    input: request.input,
    output: request.output,
    output_reservation: reservation,
    idempotency_key: idempotencyKey,
    request_hash: hash,
    open_tasks: 1,
    total_tasks: 1,
    completed_tasks: 0,
    event_seq: FIRST_EVENTS,
    version: 0,
    winner: null,
    probe: null,
    unsplit_reason: null,
    whole: 0,
    planned_again: null,
    error: null,
    result: null,
    created_at: tx.now,
    started_at: null,
    finished_at: null,
    canceled_at: null,
  };
}
