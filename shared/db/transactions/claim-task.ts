import { AppError } from '../../errors.ts';
import type { WorkerId } from '../../job/ids.ts';
import { poolOfEncoders } from '../../job/pools.ts';
import { lackOf, type Needs, serves } from '../../job/queue-class.ts';
import { jobStatesBefore } from '../../job/transitions.ts';
import type { ClaimAnswer, ClaimBody, ClaimedTask } from '../../wire/workers.ts';
import { claimedTaskOf } from '../claimed-task.ts';
import { claimAlone, claimOnce } from '../claims-under-way.ts';
import { type ClaimLook, claimLook } from '../queries/claim-look.ts';
import { claimableTasks } from '../queries/claimable-tasks.ts';
import { attemptOfId, findAttempt } from '../queries/find-attempt.ts';
import { findTask } from '../queries/find-task.ts';
import { workerOfId } from '../queries/find-worker.ts';
import { insertAttempt } from '../queries/insert-attempt.ts';
import { classesAndNeeds, needsByClass } from '../queries/list-needs.ts';
import { anyOfferedTask, offeredTasks } from '../queries/offered-tasks.ts';
import { takeSettleIfOffered } from '../queries/take-settle-if-offered.ts';
import { type AttemptRow, type JobRow, offerOf, type TaskRow, type WorkerRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import { assignTask } from '../steps/assign-task.ts';
import { interruptTask, LEASE_LOST } from '../steps/interrupt-task.ts';
import { jobLock, lockedJob } from '../steps/lock-job.ts';
import { recordEvents } from '../steps/record-events.ts';
import type { Store, Tx } from '../store.ts';

type Claim = { readonly workerId: WorkerId; readonly body: ClaimBody; readonly rules: Rules };

/**
 * Gives a worker the task that should run next: a publication to finish before anything else, then by priority, age
 * and length. `{task: null}` is said only after a look that found nothing to claim; a lost race says `{again: true}`.
 * Repeating a `claim_id` gives the same task again.
 *
 * @throws AppError `unknown_worker`; `name_in_use` when a newer instance of the worker has registered.
 */
export async function claimTask(store: Store, claim: Claim): Promise<ClaimAnswer> {
  // Sent again while its first sending is under way: both get the answer of the one.
  return claimOnce(store, claim.body.claim_id, () => lookAndClaim(store, claim));
}

async function lookAndClaim(store: Store, claim: Claim): Promise<ClaimAnswer> {
  // The same claim may be granted at this moment, through the other coordinator. Its attempt is looked for after the
  // tasks, as each statement has a moment of its own: who no longer finds the task then finds the attempt.
  const own = attemptOfId(store.db, claim.body.claim_id);
  const { now, rows } = await store.look([
    workerOfId(store.db, claim.workerId),
    classesAndNeeds(store.db),
    anyOfferedTask(store.db),
    ofClass(store, claim, claim.body.class ?? ''), // no class is empty
    own,
  ]);
  const [[worker], classes, [offered], ofNamed, [known]] = rows;
  if (known) return repeatAnswer(store, known.task_id, claim);
  requirePresent(worker, claim);
  if (!takesWork(worker, now, claim.rules)) return { task: null };
  const choice = choiceOf(worker, claim, needsByClass(classes));
  if (claim.body.class !== undefined && !offered) {
    const served = ofNamed.filter((task) => choice.served.includes(task.class));
    return claimFirstFree(store, claim, served);
  }
  const { candidates, granted } = await findCandidates(store, claim, choice, own);
  return granted ? repeatAnswer(store, granted.task_id, claim) : claimFirstFree(store, claim, candidates);
}

async function claimFirstFree(store: Store, claim: Claim, candidates: readonly TaskRow[]): Promise<ClaimAnswer> {
  for (const candidate of candidates) {
    const claimed = await claimAlone(store, candidate, () => tryCandidate(store, candidate, claim));
    if (claimed) return { task: claimed };
  }
  if (candidates.length === 0) return { task: null };
  // Nobody repeats a claim that was answered, so 'again' may not be said of one that was granted: on a COMMIT whose answer
  // was lost, or through the other coordinator (PROTOCOL A2).
  const granted = await findAttempt(store.db, claim.body.claim_id);
  return granted ? repeatAnswer(store, granted.task_id, claim) : { again: true };
}

function requirePresent(worker: WorkerRow | undefined, { workerId, body }: Claim): asserts worker is WorkerRow {
  if (!worker) throw new AppError('unknown_worker', `there is no worker ${workerId}: register again`);
  if (worker.instance_id !== body.instance_id)
    throw new AppError('name_in_use', `another instance of ${worker.name} has registered since`);
}

/**
 * A worker that waits for work but has not been heard of for half a lease is stopped or cut off: what it is given now
 * would only be taken up when the lease is over.
 */
function takesWork(
  worker: Pick<ClaimLook, 'status' | 'drain' | 'last_heartbeat_at'>,
  now: number,
  rules: Rules,
): boolean {
  return worker.status === 'online' && worker.drain === 0 && worker.last_heartbeat_at > now - rules.leaseMs / 2;
}

/** Classes by name. */
type Choice = {
  /** Those whose tasks it may be given. */
  readonly served: readonly string[];
  /** Those of which it has the storage. */
  readonly reached: readonly string[];
};

function choiceOf(worker: WorkerRow, { body }: Claim, needs: ReadonlyMap<string, Needs>): Choice {
  const offer = offerOf(worker);
  const isAsked = (name: string, { encoders }: Needs) =>
    name === (body.class ?? name) && poolOfEncoders(encoders) === (body.pool ?? poolOfEncoders(encoders));
  const names = (fits: (name: string, needed: Needs) => boolean) =>
    [...needs].flatMap(([name, needed]) => (fits(name, needed) ? [name] : []));
  return {
    served: names((name, needed) => isAsked(name, needed) && serves(offer, needed)),
    // Who finishes a publication encodes nothing: it needs the storage alone.
    reached: names((_, needed) => lackOf(offer, needed).paths.length === 0),
  };
}

/** `granted`: the claim's own attempt, which `own` looks for, if there is one by now. */
async function findCandidates(
  store: Store,
  claim: Claim,
  { served, reached }: Choice,
  own: ReturnType<typeof attemptOfId>,
): Promise<{ candidates: TaskRow[]; granted: AttemptRow | undefined }> {
  const { rows } = await store.look([
    offeredTasks(store.db, reached),
    ...served.map((queueClass) => ofClass(store, claim, queueClass)),
    own,
  ]);
  const [offered = [], ...claimable] = rows.slice(0, -1) as TaskRow[][];
  const [granted] = rows.at(-1) as AttemptRow[];
  return { candidates: [...offered, ...claimable.flat().sort(byUrgency)], granted };
}

function ofClass(store: Store, { workerId }: Claim, queueClass: string) {
  return claimableTasks(store.db, { queueClass, worker: workerId, now: store.clock() });
}

function byUrgency(a: TaskRow, b: TaskRow): number {
  return b.priority - a.priority || a.job_number - b.job_number || b.weight - a.weight || a.ordinal - b.ordinal;
}

async function tryCandidate(store: Store, candidate: TaskRow, claim: Claim): Promise<ClaimedTask | null> {
  const look = claimLook(store.db, { task: candidate.id, worker: claim.workerId, attempt: claim.body.claim_id });
  return store.transaction(
    async (tx, [, [row], [found]]) => {
      const job = lockedJob(tx, row);
      if (!job || !mayStillClaim(tx.now, found, candidate, claim)) return null;
      return candidate.state === 'committing' ? settle(tx, candidate, claim) : assign(tx, job, candidate, claim);
    },
    [...jobLock(store.db, candidate.job_id), look],
  );
}

/**
 * While the claim waited for the job's row somebody may have been faster, this very claim have been granted, the worker
 * been drained, quarantined or restarted.
 */
function mayStillClaim(now: number, found: ClaimLook | undefined, candidate: TaskRow, { body, rules }: Claim): boolean {
  if (!found || found.granted !== null) return false;
  const { state, attempt, token } = found;
  if (state !== candidate.state || attempt !== candidate.attempt || token !== candidate.token) return false;
  return found.instance_id === body.instance_id && takesWork(found, now, rules);
}

async function assign(
  tx: Tx,
  job: JobRow,
  candidate: TaskRow,
  { workerId, body, rules }: Claim,
): Promise<ClaimedTask | null> {
  const task = candidate.token === null ? candidate : await endExpiredAttempt(tx, job, candidate, rules);
  if (!task) return null;
  await assignTask(tx, task, {
    ...{ attempt: body.claim_id, worker: workerId, instance: body.instance_id },
    leaseMs: rules.leaseMs,
  });
  const isFirst = jobStatesBefore('assigned').includes(job.state);
  if (isFirst) tx.atEnd.push(tx.db.updateTable('jobs').set({ state: 'assigned' }).where('id', '=', job.id));
  await recordEvents(tx, job.id, [
    ...(isFirst ? [{ event: 'job.assigned' as const, workerId }] : []),
    {
      event: 'task.assigned',
      taskId: task.id,
      workerId,
      attempt: task.attempt + 1,
      data: { kind: task.kind, ordinal: task.ordinal },
    },
  ]);
  return claimedTaskOf(
    { ...task, attempt: task.attempt + 1 },
    { token: body.claim_id, settles: null, now: tx.now, rules },
  );
}

/**
 * A pending task that still has a token lost its lease but not its attempt. The claim ends that: only now the
 * interruption is counted, and it may be one too many. Returns the task to claim, as the row has it now.
 */
async function endExpiredAttempt(tx: Tx, job: JobRow, candidate: TaskRow, rules: Rules): Promise<TaskRow | null> {
  const task = await findTask(tx.db, candidate.id);
  if (task?.state !== 'pending' || task.attempt !== candidate.attempt) return null;
  if (task.token === null) return task;
  const mayRun = await interruptTask(tx, {
    job,
    task,
    attempt: task.token,
    error: LEASE_LOST,
    counted: true,
    again: 'now',
    rules,
  });
  return mayRun ? ((await findTask(tx.db, task.id)) ?? null) : null;
}

async function settle(tx: Tx, task: TaskRow, { workerId, body, rules }: Claim): Promise<ClaimedTask | null> {
  const { leaseMs } = rules;
  if (!(await takeSettleIfOffered(tx, task, { attempt: body.claim_id, worker: workerId, leaseMs }))) return null;
  await insertAttempt(tx, task, {
    attempt: body.claim_id,
    worker: workerId,
    instance: body.instance_id,
    settles: task.winner,
  });
  await recordEvents(tx, task.job_id, [
    {
      event: 'task.assigned',
      taskId: task.id,
      workerId,
      attempt: task.attempt + 1,
      data: { kind: task.kind, ordinal: task.ordinal, settles: task.winner },
    },
  ]);
  return claimedTaskOf(
    { ...task, attempt: task.attempt + 1 },
    { token: body.claim_id, settles: task.winner, now: tx.now, rules },
  );
}

/** The same claim again, after its answer was lost: the attempt is its own, whatever has become of it. */
async function repeatAnswer(store: Store, taskId: TaskRow['id'], { body, rules }: Claim): Promise<ClaimAnswer> {
  const attempt = await findAttempt(store.db, body.claim_id);
  const task = await findTask(store.db, taskId);
  if (!task || !attempt || attempt.ended_at !== null || task.token !== attempt.id) return { again: true };
  const now = await store.now();
  return { task: claimedTaskOf(task, { token: attempt.id, settles: attempt.settles, now, rules }) };
}
