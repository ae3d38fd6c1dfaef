import { failure } from '../../shared/errors.ts';
import { namesIn } from '../../shared/job/needs-of-task.ts';
import { pathVariableOf } from '../../shared/job/path-variable.ts';
import { publishes, type TaskSpec } from '../../shared/job/task.ts';
import { atMost } from '../../shared/runtime/at-most.ts';
import type { PathNames } from '../../shared/storage/path-names.ts';
import { removeFilesOf } from '../../shared/storage/remove-files-of.ts';
import { publishedFile, type ReportBody, reportBody } from '../../shared/wire/workers.ts';
import type { AttemptLog } from './attempt-log.ts';
import { commitAndPublish, publish } from './commit-and-publish.ts';
import { type Delivery, deliverReport } from './deliver-report.ts';
import { encoderOfTask } from './encoder-of-task.ts';
import { type Executed, type Executor, executeTask } from './execute-task.ts';
import { findLostFiles } from './find-lost-files.ts';
import type { Folders } from './folders.ts';
import type { EndReason, HeldAttempt, HeldAttempts } from './held-attempts.ts';
import { outcomeOfFailure } from './outcome-of-failure.ts';
import type { Slot } from './slots.ts';
import type { StorageWatch } from './storage/watch-storage.ts';
import type { Timing } from './timing.ts';
import type { Claimed } from './uplink/coordinator.ts';

export type Runner = Delivery &
  Executor & {
    readonly held: HeldAttempts;
    readonly folders: Folders;
    readonly timing: Timing;
    readonly storage: Pick<StorageWatch, 'hung' | 'look'>;
    /** Aborted when the worker is asked to stop: a publication that has to wait is left to others. */
    readonly leaving: AbortSignal;
    openLog(attempt: HeldAttempt['id']): AttemptLog;
    /** A lease was taken: it is to be renewed, and the task is `running`. */
    onHeld(): void;
    /** An attempt left files that may be of no more use. */
    onLeftovers(jobId: string): void;
    /** A task failed on account of its hardware encoder. */
    onHardwareFailed(encoder: string): void;
  };

type Attempt = { readonly task: Claimed; readonly held: HeldAttempt; readonly slot: Slot; readonly log: AttemptLog };

/** One attempt from its claim to the answer to its report. Never throws. */
export async function runAttempt(runner: Runner, task: Claimed, slot: Slot): Promise<void> {
  const held = runner.held.add(task);
  const log = runner.openLog(held.id);
  runner.onHeld();
  try {
    const attempt = { task, held, slot, log };
    const report = task.settle === null ? await work(runner, attempt) : await settle(runner, task.settle, attempt);
    const logged = log.end();
    // The report may end the job, and nobody waits for lines of an ended job: FFmpeg's last words come before it.
    const lastLines = () => atMost(logged, runner.timing.lastLinesMs);
    const counted = report !== undefined && (await deliverReport(runner, held.id, report, lastLines));
    // The result of a segment stays for the assembly; whatever else ends may leave something that can go.
    if (!counted || report.outcome !== 'done' || publishes(task.kind) || held.asked) runner.onLeftovers(task.job_id);
  } catch (error) {
    if (!runner.sending.aborted) runner.log.error({ err: error, attempt: held.id }, 'attempt broke off');
  } finally {
    slot.release();
    held.drop();
  }
}

/** Returns what is to be reported; nothing for an attempt that lost its task. */
async function work(runner: Runner, attempt: Attempt): Promise<ReportBody | undefined> {
  const { task, held } = attempt;
  let folders: string[];
  try {
    folders = foldersOf(task.spec, runner.paths);
  } catch (failed) {
    return reportOfFailure(runner, attempt, { failed, metrics: {}, command: null });
  }
  if (publishes(task.kind)) folders.forEach(runner.journal.rememberFolder);
  await Promise.all(folders.map(runner.folders.enter));
  const execution = execute(runner, attempt, folders);
  const executed = await unlessHung(execution, variablesOf(task.spec).map(runner.storage.hung));
  if (executed === undefined) {
    held.end('storage');
    // What hangs may come back long after the task was given to somebody else: nobody waits for it.
    void execution.then(() => leaveFolders(runner, folders));
    return HUNG;
  }
  try {
    return await ('result' in executed
      ? conclude(runner, attempt, executed)
      : reportOfFailure(runner, attempt, executed));
  } finally {
    await leaveFolders(runner, folders);
  }
}

/** Runs the task. When it fails while its storage is gone, the storage is to blame, whatever it looked like. */
async function execute(runner: Runner, attempt: Attempt, folders: readonly string[]): Promise<Executed> {
  const { task, held, slot } = attempt;
  const executed = await executeTask(runner, attempt);
  held.finish();
  slot.release();
  if ('result' in executed) return executed;
  await removeFiles(runner, held, folders);
  try {
    await runner.paths.checkRoots(namesIn(task.spec));
    return executed;
  } catch (failed) {
    // Before the task is back in its queue: this worker shall not be the one that takes it again.
    await runner.storage.look();
    return { ...executed, failed };
  }
}

/** What the work comes to; undefined when storage that hangs is all it comes to. */
async function unlessHung<Result>(work: Promise<Result>, hung: readonly AbortSignal[]): Promise<Result | undefined> {
  const over = new AbortController();
  const abandoned = new Promise<undefined>((resolve) => {
    for (const signal of hung)
      signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: over.signal });
  });
  return Promise.race([work, abandoned]).finally(() => over.abort());
}

async function leaveFolders({ folders: { leave }, log }: Runner, folders: readonly string[]): Promise<void> {
  await Promise.all(folders.map(leave)).catch((error: unknown) => log.warn({ err: error }, 'folder not removed'));
}

async function conclude(
  runner: Runner,
  { task, held }: Attempt,
  { result, metrics, command }: Executed & { readonly result: unknown },
): Promise<ReportBody> {
  if (task.spec.kind !== 'assemble' && task.spec.kind !== 'transcode')
    return reportBody.parse({ outcome: 'done', result, metrics, command });
  const file = publishedFile.parse(result);
  const { kind, target, input: source } = task.spec;
  const order = { kind, winner: held.id, target, source, file };
  return commitAndPublish(runner, {
    order,
    body: { file, metrics, command },
    begun: false,
    giveUp: AbortSignal.any([held.lost, runner.leaving]),
  });
}

/** Finishes the publication that another attempt decided on and did not report: nothing is encoded, no slot needed. */
async function settle(
  runner: Runner,
  { winner, file, committed_seconds_ago }: NonNullable<Claimed['settle']>,
  { task, held, slot }: Attempt,
): Promise<ReportBody | undefined> {
  if (task.spec.kind !== 'assemble' && task.spec.kind !== 'transcode') return undefined;
  held.finish();
  slot.release();
  const { kind, target, input: source } = task.spec;
  return publish(
    runner,
    {
      order: { kind, winner, target, source, file },
      begun: true,
      missUntil: performance.now() + runner.timing.rollBackAfterMs - committed_seconds_ago * 1000,
      giveUp: AbortSignal.any([held.lost, runner.leaving]),
    },
    { metrics: {}, command: null },
  );
}

async function reportOfFailure(
  { paths, onHardwareFailed }: Runner,
  { task, held }: Attempt,
  { failed, metrics, command }: Executed & { readonly failed: unknown },
): Promise<ReportBody | undefined> {
  const measured = { metrics, command };
  const reason = held.working.aborted ? (held.working.reason as EndReason) : undefined;
  switch (reason) {
    case 'lost':
      return undefined;
    case 'canceled':
      return reportBody.parse({ outcome: 'canceled', ...measured });
    case 'shutdown':
      return reportBody.parse({ outcome: 'interrupted', counted: false, error: SHUTDOWN, ...measured });
    case 'storage':
      return HUNG;
    case undefined: {
      const outcome = outcomeOfFailure(failed);
      if (outcome.error.code === 'hardware_failed') onHardwareFailed(encoderOfTask(task.spec) ?? '');
      const lost = outcome.error.code === 'part_lost' ? await findLostFiles(task.spec, paths) : [];
      return reportBody.parse({ ...outcome, lost_files: lost, ...measured });
    }
  }
}

const HUNG = reportBody.parse({
  outcome: 'retry',
  error: failure('storage_failed', 'the storage does not answer this worker'),
});
const SHUTDOWN = failure('shutdown', 'the worker was shut down');

function variablesOf(spec: TaskSpec): string[] {
  return [...new Set(namesIn(spec).map(pathVariableOf))];
}

/** The folders that a task may write into. */
function foldersOf(spec: TaskSpec, paths: PathNames): string[] {
  const names = ['scratch' in spec ? spec.scratch : undefined, 'target' in spec ? spec.target.parts : undefined];
  return names.filter((name) => name !== undefined).map(paths.resolve);
}

/** The task removed what it could while it ended; this catches the rest. What cannot be removed now is swept later. */
async function removeFiles({ log }: Runner, { id }: HeldAttempt, folders: readonly string[]): Promise<void> {
  await Promise.all(folders.map((folder) => removeFilesOf(id, folder))).catch((error: unknown) =>
    log.warn({ err: error, attempt: id }, 'files not removed'),
  );
}
