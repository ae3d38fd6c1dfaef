import { assertNever, type Failure, failure } from '../../errors.ts';
import { backoffMs } from '../../job/backoff.ts';
import type { AttemptId, WorkerId } from '../../job/ids.ts';
import { publishes } from '../../job/task.ts';
import type { TaskState } from '../../job/transitions.ts';
import type { ReportBody } from '../../wire/workers.ts';
import { attemptOfId, findAttempt } from '../queries/find-attempt.ts';
import { taskOfId } from '../queries/find-task.ts';
import { type AttemptRow, type JobRow, requestOf, type TaskRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import { clearInterruptions } from '../steps/clear-interruptions.ts';
import { completeTask } from '../steps/complete-task.ts';
import { confirmCancel } from '../steps/confirm-cancel.ts';
import { endAttempt, endOf, endOpenAttempts } from '../steps/end-attempt.ts';
import { failJob } from '../steps/end-job.ts';
import { failTask } from '../steps/fail-task.ts';
import { interruptTask } from '../steps/interrupt-task.ts';
import { joinAnew } from '../steps/join-anew.ts';
import { jobLock, lockedJob } from '../steps/lock-job.ts';
import { mayFallBack } from '../steps/may-fall-back.ts';
import { planAnew } from '../steps/plan-anew.ts';
import { finishPublication, leavePublication, rollBackPublication } from '../steps/publication.ts';
import { reopenLostFiles } from '../steps/reopen-lost-files.ts';
import { requeueTask } from '../steps/requeue-task.ts';
import { startTask } from '../steps/start-task.ts';
import { type Avoidance, workerToAvoid } from '../steps/worker-to-avoid.ts';
import type { Store, Tx } from '../store.ts';

/** At most five minutes between two tries, whatever the request's delay. */
const RETRY_CAP_MS = 300_000;

type Report = {
  readonly job: JobRow;
  readonly task: TaskRow;
  readonly attempt: AttemptRow;
  readonly body: ReportBody;
  readonly rules: Rules;
};

type Reported = {
  readonly attemptId: AttemptId;
  readonly body: ReportBody;
  readonly rules: Rules;
  /** For a report that somebody else makes for the worker: it means nothing once the task has left these states. */
  readonly onlyIn?: readonly TaskState[];
};

/**
 * Takes an attempt's outcome: the one place where an outcome becomes row changes. Repeating a report is harmless.
 * `fenced`: the attempt no longer owns its task, and nothing was changed.
 */
export async function reportAttempt(
  store: Store,
  { attemptId, body, rules, onlyIn }: Reported,
): Promise<'recorded' | 'fenced'> {
  const claimed = await findAttempt(store.db, attemptId);
  if (!claimed) return 'fenced';
  // Read again under the lock: whoever held it before us may have ended the attempt.
  const first = [
    ...jobLock(store.db, claimed.job_id),
    attemptOfId(store.db, attemptId),
    taskOfId(store.db, claimed.task_id),
  ] as const;
  return store.transaction(async (tx, [, [row], [attempt], [task]]) => {
    const job = lockedJob(tx, row);
    if (!job || !task || !attempt || (onlyIn && !onlyIn.includes(task.state))) return 'fenced';
    if (attempt.ended_at !== null) return attempt.outcome === recordedOutcome(body) ? 'recorded' : 'fenced';
    const report = { job, task, attempt, body, rules };
    if (task.state === 'canceling' && task.token === attemptId) {
      await confirmCancel(tx, job, task, attemptId);
      return 'recorded';
    }
    return task.state === 'committing' || (publishes(task.kind) && task.state === 'completed')
      ? reportPublication(tx, report)
      : reportRun(tx, report);
  }, first);
}

/** How the report's outcome is kept in the attempt's row. */
function recordedOutcome(body: ReportBody): AttemptRow['outcome'] {
  return body.outcome === 'rolled_back' ? 'interrupted' : body.outcome;
}

/** The report of a winner or of a settler on its behalf. */
async function reportPublication(tx: Tx, report: Report): Promise<'recorded' | 'fenced'> {
  const { task, attempt, body } = report;
  const winner = attempt.settles ?? attempt.id;
  if (task.winner !== winner) return 'fenced';
  switch (body.outcome) {
    case 'done':
      await finishPublication(tx, report);
      return 'recorded';
    case 'rolled_back':
      return (await rollBackPublication(tx, report)) ? 'recorded' : 'fenced';
    case 'reject':
      return (await rejectPublication(tx, report)) ? 'recorded' : 'fenced';
    case 'retry':
    case 'interrupted':
    case 'canceled':
      // While a winner stands nothing starts another attempt: the publication is offered to whoever comes next.
      await leavePublication(tx, report);
      return 'recorded';
    default:
      return assertNever(body.outcome);
  }
}

/** The name is taken by a file that is not the winner's: nothing was published and nothing will be. */
async function rejectPublication(tx: Tx, { job, task, attempt, body }: Report): Promise<boolean> {
  // The present holder's look is the newest: one that lost the publication saw the name as it was before.
  if (task.state !== 'committing' || task.token !== attempt.id) return false;
  const error = body.error ?? failure('storage_failed', 'the file could not be published');
  await endAttempt(tx, attempt.id, { outcome: 'reject', error, metrics: body.metrics, command: body.command });
  await endOpenAttempts(tx, task.id, { outcome: 'reject', error });
  await failTask(tx, task, error);
  await failJob(tx, job, error);
  return true;
}

/** The report of an attempt that did not commit. */
async function reportRun(tx: Tx, report: Report): Promise<'recorded' | 'fenced'> {
  const { job, task, attempt, body, rules } = report;
  if (!(await startTask(tx, job, task, attempt.id, rules.leaseMs))) return 'fenced';
  const running: Report = { ...report, task: { ...task, state: 'running' }, job: { ...job, state: 'running' } };
  switch (body.outcome) {
    case 'done':
      return (await reportDone(tx, running)) ? 'recorded' : 'fenced';
    case 'retry':
      await reportRetry(tx, running);
      return 'recorded';
    case 'reject':
      await reportReject(tx, running);
      return 'recorded';
    case 'interrupted':
    case 'canceled':
    case 'rolled_back':
      await interruptTask(tx, {
        job,
        task,
        attempt: attempt.id,
        error: errorOf(body),
        counted: body.outcome === 'interrupted' && body.counted,
        again: 'later',
        rules,
      });
      return 'recorded';
    default:
      return assertNever(body.outcome);
  }
}

async function reportDone(tx: Tx, { job, task, attempt, body }: Report): Promise<boolean> {
  // Only a recorded decision lets a publishing task complete.
  if (publishes(task.kind) || body.result === undefined) return false;
  await completeTask(tx, { job, task, attempt, result: body.result });
  tx.atEnd.push(endOf(tx, attempt.id, { outcome: 'done', metrics: body.metrics, command: body.command }));
  await clearInterruptions(tx, attempt.worker_id);
  return true;
}

async function reportRetry(tx: Tx, report: Report): Promise<void> {
  const { job, task, attempt, body, rules } = report;
  const error = errorOf(body);
  await endAttempt(tx, attempt.id, { outcome: 'retry', error, metrics: body.metrics, command: body.command });
  if (error.code === 'join_mismatch' && (task.kind === 'segment' || task.kind === 'assemble'))
    return joinAnew(tx, job, task, error);
  if (error.code === 'hardware_failed' && (await mayFallBack(tx, job))) {
    const reason = `hardware failed, and software makes the whole file: ${error.message}`;
    await failTask(tx, task, { ...error, message: reason });
    return planAnew(tx, job, { reason, software: true });
  }
  if (error.code === 'part_lost' && task.kind === 'assemble' && (await reopenLostFiles(tx, job, task, body.lost_files)))
    return;
  const request = requestOf(job);
  const failures = task.failures + 1;
  if (failures > request.retry_attempts) {
    await failTask(tx, task, error);
    return failJob(tx, job, error);
  }
  const avoid = await workerToAvoid(tx, task, attempt.worker_id, rules);
  const delayMs = backoffMs(failures, { baseMs: request.retry_delay_seconds * 1000, capMs: RETRY_CAP_MS });
  await requeueTask(tx, task, { error, delayMs, avoid, failures: 1, interruptions: 0 });
}

async function reportReject(tx: Tx, { job, task, attempt, body, rules }: Report): Promise<void> {
  const error = errorOf(body);
  await endAttempt(tx, attempt.id, { outcome: 'reject', error, metrics: body.metrics, command: body.command });
  const avoid = await secondLook(tx, task, { worker: attempt.worker_id, error, rules });
  if (avoid) return requeueTask(tx, task, { error, delayMs: 0, avoid, failures: 0, interruptions: 0 });
  await failTask(tx, task, error);
  await failJob(tx, job, error);
}

/** What one worker does not find another may: where a mount was lost there is an empty folder. */
const NOT_FOUND: readonly string[] = ['input_missing', 'output_directory_missing'];

/** Two workers have to agree, where there are two, before a file counts as missing. Null: they do, or this is the only one. */
async function secondLook(
  tx: Tx,
  task: TaskRow,
  { worker, error, rules }: { worker: WorkerId; error: Failure; rules: Rules },
): Promise<Avoidance | null> {
  if (!NOT_FOUND.includes(error.code)) return null;
  const rejects = await tx.db
    .selectFrom('attempts')
    .select('id')
    .where('task_id', '=', task.id)
    .where('outcome', '=', 'reject')
    .limit(2)
    .execute();
  return rejects.length > 1 ? null : workerToAvoid(tx, task, worker, rules);
}

function errorOf(body: ReportBody): Failure {
  return body.error ?? failure('internal', `the worker reported ${body.outcome} without saying why`);
}
