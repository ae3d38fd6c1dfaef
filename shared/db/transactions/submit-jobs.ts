import { createHash } from 'node:crypto';
import { AppError } from '../../errors.ts';
import { type JobId, newId } from '../../job/ids.ts';
import type { JobRequest } from '../../job/job.ts';
import { planProbe } from '../../job/plan/plan-probe.ts';
import { loadFleet } from '../queries/load-fleet.ts';
import { addTasks } from '../steps/add-tasks.ts';
import { recordEvents } from '../steps/record-events.ts';
import type { Store, Tx } from '../store.ts';

/** A request to take in; `idempotencyKey` null: it cannot be told from another like it. */
export type Submission = { readonly request: JobRequest; readonly idempotencyKey: string | null };
type Submitted = { readonly id: JobId; readonly created: boolean };

/**
 * Takes jobs in, all or none. A key that was used for the same request gives that job again.
 *
 * @throws AppError `idempotency_mismatch` for a key with another request, `output_in_use` when an unfinished job is
 *   going to write the same output. `problems[0].pointer` is the place in the list.
 */
export async function submitJobs(store: Store, submissions: readonly Submission[]): Promise<Submitted[]> {
  return store.transaction(async (tx) => {
    const { slots } = await loadFleet(tx.db);
    const submitted: Submitted[] = [];
    for (const [index, submission] of submissions.entries())
      submitted.push(await submitOne(tx, submission, slots, index));
    return submitted;
  });
}

async function submitOne(
  tx: Tx,
  { request, idempotencyKey }: Submission,
  slots: number,
  index: number,
): Promise<Submitted> {
  const hash = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  const known = idempotencyKey === null ? undefined : await findByKey(tx, idempotencyKey);
  if (known) {
    if (known.request_hash !== hash)
      throw refused(
        'idempotency_mismatch',
        `the key ${JSON.stringify(idempotencyKey)} belongs to job ${known.number}, which asks for something else`,
        index,
      );
    return { id: known.id, created: false };
  }
  await refuseTakenOutput(tx, request.output, index);
  return { id: await insertJob(tx, request, idempotencyKey, hash, slots), created: true };
}

function findByKey(tx: Tx, key: string) {
  return tx.db
    .selectFrom('jobs')
    .select(['id', 'number', 'request_hash'])
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

async function refuseTakenOutput(tx: Tx, output: string, index: number): Promise<void> {
  const holder = await tx.db
    .selectFrom('jobs')
    .select('number')
    .where('output_reservation', '=', reservationOf(output))
    .executeTakeFirst();
  if (holder) throw refused('output_in_use', `job ${holder.number} is going to write ${output}`, index);
}

/** Paths can be longer than an index entry may be, so their hash is what is unique. */
function reservationOf(output: string): string {
  return createHash('sha256').update(output).digest('hex');
}

async function insertJob(tx: Tx, request: JobRequest, key: string | null, hash: string, slots: number): Promise<JobId> {
  const id = newId<JobId>(tx.now);
  await tx.db
    .insertInto('jobs')
    .values({
      id,
      state: 'pending',
      stage: 'probe',
      priority: request.priority,
      request: JSON.stringify(request),
      labels: JSON.stringify(request.labels),
      input: request.input,
      output: request.output,
      output_reservation: reservationOf(request.output),
      idempotency_key: key,
      request_hash: hash,
      open_tasks: 0,
      total_tasks: 0,
      completed_tasks: 0,
      event_seq: 0,
      version: 0,
      whole: 0,
      created_at: tx.now,
    })
    .execute();
  const job = await tx.db
    .selectFrom('jobs')
    .select(['id', 'number', 'priority'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  await recordEvents(tx, id, [
    { event: 'job.created', data: { number: job.number, input: request.input, output: request.output } },
  ]);
  await addTasks(tx, job, [planProbe({ jobId: id, request, slots })]);
  return id;
}

function refused(code: 'idempotency_mismatch' | 'output_in_use', message: string, index: number): AppError {
  return new AppError(code, message, { problems: [{ pointer: `/${index}`, message }] });
}
