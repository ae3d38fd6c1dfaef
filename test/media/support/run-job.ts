import { pino } from 'pino';
import { runTaskKind } from '../../../services/worker/tasks/run-task-kind.ts';
import type { TaskContext } from '../../../services/worker/tasks/task-context.ts';
import { AppError } from '../../../shared/errors.ts';
import { ENCODER_NAMES } from '../../../shared/job/codecs.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import type { JobRequest } from '../../../shared/job/job.ts';
import { completeAssembleSpec } from '../../../shared/job/plan/complete-assemble-spec.ts';
import { completeSegmentSpecs, type MeasuredInterval } from '../../../shared/job/plan/complete-segment-specs.ts';
import { planEncode } from '../../../shared/job/plan/plan-encode.ts';
import { planProbe } from '../../../shared/job/plan/plan-probe.ts';
import type { Plan, PlannedTask } from '../../../shared/job/plan/planned-task.ts';
import type { EncodeOptions } from '../../../shared/job/profile.ts';
import { findProfile } from '../../../shared/job/profile.ts';
import type { SegmentPart, SegmentSpec } from '../../../shared/job/task.ts';
import type {
  AudioResult,
  MeasureResult,
  ProbeResult,
  PublishedFile,
  SegmentResult,
  TaskResult,
} from '../../../shared/job/task-result.ts';
import { localPathNames } from '../../../shared/storage/path-names.ts';
import { outputFolder } from './output-folder.ts';

export type JobRun = {
  readonly plan: Plan;
  readonly probe: ProbeResult;
  readonly file: PublishedFile;
  /** The segments with their shares, where an average bit rate was asked for. */
  readonly specs: readonly SegmentSpec[];
  readonly segmentPaths: readonly string[];
  /** The finished part, where the worker's core would publish it from. */
  readonly path: string;
};

export type Wish = {
  readonly input: string;
  readonly output: string;
  readonly profile: string;
  readonly encode?: Partial<EncodeOptions>;
  readonly segment?: JobRequest['segment'];
  readonly verify?: JobRequest['verify'];
  readonly onError?: JobRequest['on_error'];
  readonly slots?: number;
  /** Where intermediate files go; without it a folder that goes with the test. */
  readonly scratch?: string;
  readonly signal?: AbortSignal;
  /** Something that happens to the files in the middle of the job. */
  readonly afterProbe?: () => Promise<void>;
  readonly afterMeasure?: (scratch: string) => Promise<void>;
};

/** A request as the coordinator would have parsed it. */
export function requestOf(wish: Wish): JobRequest {
  const profile = findProfile(wish.profile);
  if (profile === undefined) throw new Error(`no profile ${wish.profile}`);
  const { name, description: _, ...encode } = profile;
  return {
    kind: 'transcode',
    input: wish.input,
    output: wish.output,
    profile: name,
    encode: { ...encode, ...wish.encode },
    segment: wish.segment ?? { mode: 'auto' },
    affinity: 'none',
    verify: wish.verify ?? 'fast',
    on_error: wish.onError ?? 'fail',
    overwrite: false,
    priority: 50,
    retry_attempts: 0,
    retry_delay_seconds: 0,
    timeout_seconds: 0,
    labels: [],
  };
}

/** Runs the tasks of one job, one after the other, as the farm would, without a database. */
export async function runJob(wish: Wish): Promise<JobRun> {
  const jobId = newId<AttemptId>();
  const scratch = wish.scratch ?? (await outputFolder());
  const request = requestOf(wish);
  const slots = wish.slots ?? 2;
  const run = (task: PlannedTask) => runTask(task, { jobId, scratch, signal: wish.signal });
  const first = planProbe({ jobId, request, slots });
  const probe = (await run(first)) as ProbeResult;
  await wish.afterProbe?.();
  const planned = (whole: string | null) =>
    planEncode({
      ...{ jobId, request, probe, provedEncoders: ENCODER_NAMES, slots, whole },
      ...{ target: first.spec.target, scratch: first.spec.scratch },
    });
  const done = (plan: Plan, { file, specs, segments }: Made): JobRun => {
    const places = localPathNames({ scratch });
    const segmentPaths = segments.map((segment) => places.resolve(segment.file.path));
    return { plan, probe, file, specs, segmentPaths, path: places.resolve(file.part) };
  };
  const afterMeasure = () => wish.afterMeasure?.(scratch);
  const plan = planned(null);
  try {
    return done(plan, await runPlan(plan, { run, afterMeasure }));
  } catch (error) {
    // As the coordinator does (`joinAnew`)
    if (!(error instanceof AppError) || error.code !== 'join_mismatch' || plan.unsplitReason !== null) throw error;
    const anew = planned(JOIN_FAILED);
    return done(anew, await runPlan(anew, { run, afterMeasure }));
  }
}

/** Why a job is one process that was to be cut. */
export const JOIN_FAILED = 'the joined segments were not what was planned';

type Made = Pick<JobRun, 'file' | 'specs'> & { readonly segments: readonly SegmentPart[] };
type Running = { run(task: PlannedTask): Promise<TaskResult>; afterMeasure(): Promise<void> | undefined };

async function runPlan(plan: Plan, { run, afterMeasure }: Running): Promise<Made> {
  const measured: MeasuredInterval[] = [];
  for (const task of plan.tasks)
    if (task.kind === 'measure') measured.push({ spec: task.spec, result: (await run(task)) as MeasureResult });
  const specs = completeSegmentSpecs(measured);
  await afterMeasure();
  const segments: SegmentPart[] = [];
  let rest: AudioResult | null = null;
  let file: PublishedFile | null = null;
  for (const task of plan.tasks) {
    if (task.kind === 'segment') {
      const made = (await run({ ...task, spec: specs[task.ordinal] ?? task.spec })) as SegmentResult;
      segments.push({ ordinal: task.ordinal, ...made });
    }
    if (task.kind === 'audio') rest = (await run(task)) as AudioResult;
    if (task.kind === 'transcode') file = (await run(task)) as PublishedFile;
    if (task.kind === 'assemble') {
      const spec = completeAssembleSpec(task.spec, segments, rest);
      file = (await run({ ...task, spec })) as PublishedFile;
    }
  }
  if (file === null) throw new Error('nothing was published');
  return { file, specs, segments };
}

export function taskContext(options: {
  jobId: string;
  ordinal: number;
  scratch: string;
  signal?: AbortSignal | undefined;
}): TaskContext {
  return {
    attemptId: newId<AttemptId>(),
    jobId: options.jobId,
    ordinal: options.ordinal,
    paths: localPathNames({ scratch: options.scratch }),
    binaries: { ffmpeg: '/usr/bin/ffmpeg', ffprobe: '/usr/bin/ffprobe' },
    threads: 1,
    stallMs: 60_000,
    signal: options.signal ?? new AbortController().signal,
    log: pino({ level: 'silent' }),
    onProgress() {},
    onLine() {},
    onCommand() {},
  };
}

async function runTask(
  task: PlannedTask,
  { jobId, scratch, signal }: { jobId: string; scratch: string; signal: AbortSignal | undefined },
): Promise<TaskResult> {
  return await runTaskKind(taskContext({ jobId, ordinal: task.ordinal, scratch, signal }), task.spec);
}
