import { AppError } from '../../errors.ts';
import type { JobId } from '../../job/ids.ts';
import type { Db, RowsOf } from '../store.ts';
import type { PreparedSubmission } from '../submission.ts';

/** A job that a submission may meet. `number` null: it is being submitted in the same moment. */
type Known = { readonly id: JobId; readonly number: number | null; readonly hash: string };

/** The jobs that have a submission's key, its output or its id. */
export type KnownJobs = {
  readonly byKey: Map<string, Known>;
  readonly byOutput: Map<string, Known>;
  readonly byId: Map<JobId, Known>;
};

/** What is to be done with a submission: make its job, or answer with one that is there. `mine`: made by an earlier run. */
export type Verdict = { readonly is: 'new' } | { readonly is: 'known'; readonly id: JobId; readonly mine: boolean };

/** Looks for whatever these submissions may meet, their own jobs of an earlier run too. */
export function jobsThatMayBeMet(db: Db, submissions: readonly PreparedSubmission[]) {
  const keys = submissions.flatMap((submission) => submission.idempotencyKey ?? []);
  const jobs = db
    .selectFrom('jobs')
    .select(['id', 'number', 'request_hash as hash', 'idempotency_key', 'output_reservation']);
  return [
    jobs.where('id', 'in', field(submissions, 'id')),
    jobs.where('idempotency_key', 'in', keys.length === 0 ? [''] : keys), // no key is empty
    jobs.where('output_reservation', 'in', field(submissions, 'reservation')),
  ] as const;
}

/**
 * What those looks have found. Each of them sees what was committed when it ran, so that one may find a job which another
 * came too early for: a job that any of them has found is known by its id, its key and its output.
 */
export function knownJobs(found: RowsOf<ReturnType<typeof jobsThatMayBeMet>>): KnownJobs {
  const known: KnownJobs = { byId: new Map(), byKey: new Map(), byOutput: new Map() };
  for (const job of found.flat()) {
    known.byId.set(job.id, job);
    if (job.idempotency_key !== null) known.byKey.set(job.idempotency_key, job);
    if (job.output_reservation !== null) known.byOutput.set(job.output_reservation, job);
  }
  return known;
}

function field<Name extends keyof PreparedSubmission>(submissions: readonly PreparedSubmission[], name: Name) {
  return submissions.map((submission) => submission[name]);
}

/**
 * Judges the submissions of one request, all or none: where none is refused, the jobs it is going to make are known to
 * the requests that follow.
 *
 * @throws AppError `idempotency_mismatch`, `output_in_use`; `problems[0].pointer` is the place in the list.
 */
export function judgeSubmissions(submissions: readonly PreparedSubmission[], known: KnownJobs): Verdict[] {
  const mine: KnownJobs = { byKey: new Map(), byOutput: new Map(), byId: known.byId };
  const verdicts = submissions.map((submission, index): Verdict => {
    const verdict = judgeOne(submission, index, [known, mine]);
    if (verdict.is === 'known') return verdict;
    const { id, hash, idempotencyKey, reservation } = submission;
    if (idempotencyKey !== null) mine.byKey.set(idempotencyKey, { id, hash, number: null });
    mine.byOutput.set(reservation, { id, hash, number: null });
    return verdict;
  });
  for (const [key, job] of mine.byKey) known.byKey.set(key, job);
  for (const [output, job] of mine.byOutput) known.byOutput.set(output, job);
  return verdicts;
}

function judgeOne(submission: PreparedSubmission, index: number, known: readonly KnownJobs[]): Verdict {
  const { id, hash, idempotencyKey: key, reservation, request } = submission;
  if (known.some(({ byId }) => byId.has(id))) return { is: 'known', id, mine: true };
  const keyed = key === null ? undefined : firstOf(known, ({ byKey }) => byKey.get(key));
  if (keyed?.hash === hash) return { is: 'known', id: keyed.id, mine: false };
  if (keyed)
    throw refused(
      'idempotency_mismatch',
      `the key ${JSON.stringify(key)} belongs to ${nameOf(keyed)}, which asks for something else`,
      index,
    );
  const holder = firstOf(known, ({ byOutput }) => byOutput.get(reservation));
  if (holder) throw refused('output_in_use', `${nameOf(holder)} is going to write ${request.output}`, index);
  return { is: 'new' };
}

function firstOf<Value>(known: readonly KnownJobs[], find: (jobs: KnownJobs) => Value | undefined): Value | undefined {
  for (const jobs of known) {
    const found = find(jobs);
    if (found !== undefined) return found;
  }
  return undefined;
}

function nameOf({ number }: Known): string {
  return number === null ? 'a job submitted at the same moment' : `job ${number}`;
}

function refused(code: 'idempotency_mismatch' | 'output_in_use', message: string, index: number): AppError {
  return new AppError(code, message, { problems: [{ pointer: `/${index}`, message }] });
}
