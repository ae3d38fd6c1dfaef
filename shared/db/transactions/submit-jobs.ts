import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../../errors.ts';
import type { JobId } from '../../job/ids.ts';
import { fleetOf, workersOfFleet } from '../queries/load-fleet.ts';
import type { JobRow } from '../rows.ts';
import { insertJobs } from '../steps/insert-jobs.ts';
import {
  jobsThatMayBeMet,
  judgeSubmissions,
  type KnownJobs,
  knownJobs,
  type Verdict,
} from '../steps/judge-submissions.ts';
import type { Store, Tx } from '../store.ts';
import { type PreparedSubmission, prepareSubmission, type Submission, type Submitted } from '../submission.ts';

/** A request that waits for its turn: one job, or a batch. */
type Waiting = {
  readonly submissions: readonly PreparedSubmission[];
  answer(answer: Submitted[] | Refusal): void;
};
type Refusal = { readonly refused: Error };
type Judged = { readonly verdict: Verdict; readonly submission: PreparedSubmission };
type Line = { readonly waiting: Waiting[]; moves: boolean };

/** Submissions that share a transaction at the most; a batch of more has one of its own. */
const GROUP = 64;
/** Some times what a commit takes on a busy cluster. */
const LONGEST_MS = 100;

const lines = new WeakMap<Store, Line>();

/**
 * Takes jobs in, all or none. A key that was used for the same request gives that job again. Requests that come while
 * others are being written share the next transaction, each with an answer of its own: a commit costs more than a job.
 *
 * @throws AppError `idempotency_mismatch` for a key with another request, `output_in_use` when an unfinished job is
 *   going to write the same output. `problems[0].pointer` is the place in the list.
 */
export async function submitJobs(store: Store, submissions: readonly Submission[]): Promise<Submitted[]> {
  if (submissions.length === 0) return [];
  return new Promise((resolve, reject) => {
    const line = lines.get(store) ?? { waiting: [], moves: false };
    lines.set(store, line);
    line.waiting.push({
      submissions: submissions.map(prepareSubmission),
      answer: (answer) => ('refused' in answer ? reject(answer.refused) : resolve(answer)),
    });
    if (!line.moves) void takeGroups(store, line);
  });
}

/**
 * One transaction at a time: while it commits, the next is being filled. One that takes longer than it should (a lock, an
 * outage) does not hold up those that come after it.
 */
async function takeGroups(store: Store, line: Line): Promise<void> {
  line.moves = true;
  for (let group = nextGroup(line.waiting); group.length > 0; group = nextGroup(line.waiting))
    await Promise.race([submitGroup(store, group), wait(LONGEST_MS, undefined, { ref: false })]);
  line.moves = false;
}

function nextGroup(waiting: Waiting[]): Waiting[] {
  const group = waiting.splice(0, 1);
  let size = group[0]?.submissions.length ?? 0;
  while (waiting[0] && size + waiting[0].submissions.length <= GROUP) {
    size += waiting[0].submissions.length;
    group.push(...waiting.splice(0, 1));
  }
  return group;
}

/** Never fails: each request of the group is answered. */
async function submitGroup(store: Store, group: readonly Waiting[]): Promise<void> {
  try {
    const looks = [
      workersOfFleet(store.db),
      ...jobsThatMayBeMet(
        store.db,
        group.flatMap(({ submissions }) => submissions),
      ),
    ] as const;
    const answers = await store.transaction((tx, [workers, ...met]) => {
      return submitAll(tx, group, { known: knownJobs(met), slots: fleetOf(workers).slots });
    }, looks);
    for (const [index, request] of group.entries()) request.answer(answers[index] ?? []);
  } catch (error) {
    const shared = group.length > 1 && !(error instanceof AppError);
    // One of them is something the database does not take; it shall not take the others with it.
    if (shared) for (const request of group) await submitGroup(store, [request]);
    else for (const request of group) request.answer({ refused: error as Error });
  }
}

async function submitAll(
  tx: Tx,
  group: readonly Waiting[],
  { known, slots }: { readonly known: KnownJobs; readonly slots: number },
): Promise<(Submitted[] | Refusal)[]> {
  const judged = group.map(({ submissions }) => judge(submissions, known));
  const added = judged.flatMap((request) =>
    'refused' in request
      ? []
      : request.flatMap(({ verdict, submission }) => (verdict.is === 'new' ? [submission] : [])),
  );
  const rows = await insertJobs(tx, added, slots);
  const jobs = new Map(rows.map((job) => [job.id, job]));
  return judged.map((request) => ('refused' in request ? request : request.map((one) => submittedOf(one, jobs))));
}

/** All of a request, or the reason why none. */
function judge(submissions: readonly PreparedSubmission[], known: KnownJobs): Judged[] | Refusal {
  try {
    const verdicts = judgeSubmissions(submissions, known);
    return verdicts.map((verdict, place) => ({ verdict, submission: submissions[place] as PreparedSubmission }));
  } catch (error) {
    return { refused: error as Error };
  }
}

function submittedOf({ verdict, submission }: Judged, jobs: ReadonlyMap<JobId, JobRow>): Submitted {
  if (verdict.is === 'known') return { id: verdict.id, created: verdict.mine };
  const job = jobs.get(submission.id);
  return { id: submission.id, created: true, ...(job ? { job } : {}) };
}
