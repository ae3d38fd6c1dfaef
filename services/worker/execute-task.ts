import type { TaskSpec } from '../../shared/job/task.ts';
import type { TaskResult } from '../../shared/job/task-result.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { PathNames } from '../../shared/storage/path-names.ts';
import type { ClaimedTask, Metrics } from '../../shared/wire/workers.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { Devices } from './ffmpeg/devices.ts';
import type { HeldAttempt, Progress } from './held-attempts.ts';
import type { TaskContext } from './tasks/task-context.ts';

/** Runs one task with FFmpeg. Resolves with its result, or throws why there is none. */
export type RunTask = (context: TaskContext, spec: TaskSpec) => Promise<TaskResult>;

export type Executor = {
  readonly runTask: RunTask;
  readonly paths: PathNames;
  readonly binaries: TaskContext['binaries'];
  readonly threads: number;
  readonly stallMs: number;
  readonly devices: Devices;
  /** What devices are proved to decode by now. */
  decoders(): readonly string[];
  readonly log: Logger;
};

export type Executed = {
  readonly metrics: Metrics;
  readonly command: string | null;
} & ({ readonly result: TaskResult } | { readonly failed: unknown });

/** As much of a command line as the wire takes. */
const LONGEST_COMMAND = 50_000;

/** Runs a claimed task to its end, whatever that is, and measures it. */
export async function executeTask(
  executor: Executor,
  { task, held, log }: { task: ClaimedTask; held: HeldAttempt; log: AttemptLog },
): Promise<Executed> {
  const begun = performance.now();
  let command: string | null = null;
  let last: Progress | undefined;
  const context: TaskContext = {
    attemptId: held.id,
    jobId: task.job_id,
    ordinal: task.ordinal,
    paths: executor.paths,
    binaries: executor.binaries,
    threads: executor.threads,
    stallMs: executor.stallMs,
    devices: executor.devices,
    decoders: executor.decoders(),
    signal: held.working,
    log: executor.log,
    onProgress(progress) {
      last = progress;
      held.setProgress(progress);
    },
    onLine: (line) => log.add('stderr', line),
    onCommand(argv) {
      command = argv.map(quote).join(' ').slice(0, LONGEST_COMMAND);
    },
  };
  const measure = (result?: TaskResult) => ({ metrics: metricsOf(begun, last, result), command });
  try {
    const result = await executor.runTask(context, task.spec);
    return { result, ...measure(result) };
  } catch (failed) {
    return { failed, ...measure() };
  }
}

function metricsOf(begun: number, last: Progress | undefined, result: TaskResult | undefined): Metrics {
  const bytes = result === undefined ? undefined : bytesOf(result);
  return {
    seconds: (performance.now() - begun) / 1000,
    ...(last?.fps != null && { fps: last.fps }),
    ...(last?.speed != null && { speed: last.speed }),
    ...(result && 'frames' in result && { frames: result.frames }),
    ...(bytes !== undefined && { bytes }),
  };
}

function bytesOf(result: TaskResult): number | undefined {
  if ('size_bytes' in result) return result.size_bytes;
  return 'file' in result ? result.file.size_bytes : undefined;
}

/** An argument as a shell would take it, so that people can paste the command line. */
function quote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}
