import { z } from 'zod';
import { OWN_PATHS } from '../job/path-variable.ts';
import { POOLS } from '../job/pools.ts';
import { TASK_KINDS, type TaskSpec } from '../job/task.ts';
import type { PublishedFile, TaskResult } from '../job/task-result.ts';
import { attemptId, instanceId, jobId, taskId } from './ids.ts';
import { failureBody } from './problems.ts';

// What workers and coordinators say to each other. The uplink is always HTTP.

/** How a worker makes itself known, and what it can do. */
export const registerBody = z
  .strictObject({
    name: z.string().min(1).max(200),
    /** One life of the worker process; a new one releases what the former held. */
    instance_id: instanceId,
    /**
     * The instance that last used this worker's journal folder, which one process at a time can hold: proof that it is
     * dead, so that a restart need not wait for its leases to run out. null on the first start.
     */
    former_instance_id: instanceId.nullable().default(null),
    address: z.string().max(500).default(''),
    type: z.string().max(50).default('cpu'),
    cpu_threads: z.int().min(1),
    cpu_model: z.string().max(200).default(''),
    has_gpu: z.boolean().default(false),
    gpu_type: z.string().max(200).default(''),
    ram_bytes: z.int().min(0).default(0),
    labels: z.array(z.string().max(100)).max(50).default([]),
    /** Slots per resource. */
    pools: z.record(z.string().max(50), z.int().min(0).max(1024)).default({ cpu: 1 }),
    capabilities: z
      .strictObject({
        ffmpeg_version: z.string().nullable().default(null),
        /** Encoders that passed a test encode, with the speed measured then (frames of 320×180 a second). */
        encoders: z.record(z.string().max(50), z.number()).default({}),
        /**
         * Encoders that failed a task and are being tested again: not offered, but worth waiting for. Left out: none; as
         * they are of a worker from before there was this list.
         */
        resting: z.array(z.string().max(50)).max(200).optional(),
        /** What devices decoded exactly as software does: `cuda:hevc/Main 10/yuv420p10le`. */
        decoders: z.array(z.string().max(100)).max(200).optional(),
        /** Encoders are still being tested; more may follow. */
        proving: z.boolean().default(false),
        /** Hardware among them; it is tested before most of the others. Left out: as `proving`. */
        proving_hardware: z.boolean().optional(),
      })
      .default({ ffmpeg_version: null, encoders: {}, proving: false }),
    /** Path variables that this worker maps to folders of its own; `/`: it takes absolute names too. */
    paths: z
      .array(z.string().regex(/^(?:\/|[a-z][a-z0-9_]{0,99})$/))
      .max(100)
      .default([OWN_PATHS, 'scratch']),
    version: z.string().max(50).default(''),
  })
  .meta({ id: 'WorkerRegistration' });
export type RegisterBody = z.infer<typeof registerBody>;

/** The classes that this worker may take now. `version` only rises; an older list is ignored. */
const subscriptions = z.object({
  version: z.int(),
  classes: z.array(z.string()),
  /** Of the classes those whose tasks take a slot of another pool than `cpu`, and which. */
  pools: z.record(z.string(), z.enum(POOLS)).optional(),
});
export type Subscriptions = z.infer<typeof subscriptions>;

export const registerAnswer = z
  .object({ id: z.string(), lease_seconds: z.number(), heartbeat_seconds: z.number(), subscriptions })
  .meta({ id: 'WorkerRegistered' });
export type RegisterAnswer = z.infer<typeof registerAnswer>;

/** A worker's sign of life. */
export const heartbeatBody = z
  .strictObject({
    instance_id: instanceId,
    /** `offline`: the last one, of a worker that has given back what it had and ends. */
    status: z.enum(['online', 'draining', 'error', 'offline']),
    load: z.number().min(0).default(0),
    /** Exactly the attempts whose leases are to be renewed. */
    tasks: z.array(
      z.strictObject({
        task_id: taskId,
        attempt: z.int(),
        token: attemptId,
        progress: z.number().min(0).max(1),
        fps: z.number().nullable().default(null),
        speed: z.number().nullable().default(null),
      }),
    ),
  })
  .meta({ id: 'Heartbeat' });
export type HeartbeatBody = z.infer<typeof heartbeatBody>;

export const heartbeatAnswer = z
  .object({
    /** Attempts to end because their job is canceled or failed; the worker confirms with a report. */
    cancel: z.array(z.string()),
    /** Attempts that no longer own their task: end them, drop their files. Ignored between commit and report. */
    lost: z.array(z.string()),
    subscriptions,
    drain: z.boolean(),
  })
  .meta({ id: 'HeartbeatAnswer' });
export type HeartbeatAnswer = z.infer<typeof heartbeatAnswer>;

/** Asks for a task. */
export const claimBody = z
  .strictObject({
    /** Made by the worker; becomes the attempt's id. Repeating it gives the same answer. */
    claim_id: attemptId,
    instance_id: instanceId,
    class: z.string().max(200).optional(),
    task_id: taskId.optional(),
    /** The pool in which a slot is free; left out: any. */
    pool: z.enum(POOLS).optional(),
    /** Long-poll: how long to wait for a task, at most 30. */
    wait_seconds: z.number().min(0).max(30).optional(),
  })
  .meta({ id: 'Claim' });
export type ClaimBody = z.infer<typeof claimBody>;

/** A claimed task. With `settle` nothing is to be encoded: finish the publication that `settle.winner` began. */
export type ClaimedTask = {
  readonly task_id: string;
  readonly job_id: string;
  readonly kind: TaskSpec['kind'];
  readonly ordinal: number;
  readonly attempt: number;
  readonly token: string;
  readonly lease_seconds: number;
  readonly spec: TaskSpec;
  readonly settle: null | {
    readonly winner: string;
    readonly file: PublishedFile;
    readonly committed_seconds_ago: number;
  };
};
/** A task; none (`null`), after a look that found nothing to claim; or the advice to ask again after a lost race. */
export type ClaimAnswer = { readonly task: ClaimedTask } | { readonly task: null } | { readonly again: true };

/** The spec is the coordinator's own word: it is typed, not checked. */
export const claimedTask = z
  .object({
    task_id: z.string(),
    job_id: z.string(),
    kind: z.enum(TASK_KINDS),
    ordinal: z.int(),
    attempt: z.int(),
    token: z.string(),
    lease_seconds: z.number(),
    spec: z.custom<TaskSpec>(),
    settle: z
      .object({ winner: z.string(), file: z.custom<PublishedFile>(), committed_seconds_ago: z.number() })
      .nullable(),
  })
  .meta({ id: 'ClaimedTask' }) satisfies z.ZodType<ClaimedTask>;

export const claimAnswer = z
  .union([z.object({ task: claimedTask }), z.object({ task: z.null() }), z.object({ again: z.literal(true) })])
  .meta({ id: 'ClaimAnswer' }) satisfies z.ZodType<ClaimAnswer>;

const metrics = z
  .strictObject({
    seconds: z.number().optional(),
    frames: z.number().optional(),
    fps: z.number().optional(),
    speed: z.number().optional(),
    bytes: z.number().optional(),
  })
  .meta({ description: 'Measured by the worker over the attempt' });
export type Metrics = z.infer<typeof metrics>;

const damage = z.strictObject({
  type: z.enum(['video', 'audio']),
  stream: z.int().nullable(),
  from_seconds: z.number(),
  to_seconds: z.number(),
  message: z.string().max(1000),
});

const verification = z.strictObject({
  level: z.enum(['fast', 'full']),
  frames: z.int().nullable(),
  duration_seconds: z.number(),
  streams: z.int(),
  checks: z.array(z.string()).readonly(),
  ssim: z.number().nullable(),
  damage: z.array(damage).readonly().default([]),
});

/** What a commit vouches for: the finished part and what verification found. */
export const publishedFile = z.strictObject({
  part: z.string(),
  size_bytes: z.int(),
  modified_ms: z.number(),
  inode: z.string(),
  verification,
}) satisfies z.ZodType<PublishedFile>;

/** The decision to publish, with all that the report will carry. 204, or 409 `fenced`. */
export const commitBody = z
  .strictObject({
    file: publishedFile,
    metrics: metrics.default({}),
    command: z.string().max(50_000).nullable().default(null),
  })
  .meta({ id: 'Commit' });
export type CommitBody = z.infer<typeof commitBody>;

/** How an attempt ended. 204, or 409 `fenced` when it no longer owns its task. */
export const reportBody = z
  .strictObject({
    outcome: z.enum(['done', 'retry', 'reject', 'interrupted', 'canceled', 'rolled_back']),
    /** `interrupted` on purpose (shutdown, drain) is not counted against the task. */
    counted: z.boolean().default(true),
    result: z
      .unknown()
      .optional()
      .transform((value) => value as TaskResult | undefined),
    error: failureBody.nullable().default(null),
    /** With `part_lost`: the intermediate files that are missing or damaged; their tasks are opened again. */
    lost_files: z.array(z.string().max(4096)).max(10_000).default([]),
    metrics: metrics.default({}),
    /** The FFmpeg command line, for people. */
    command: z.string().max(50_000).nullable().default(null),
  })
  .meta({ id: 'Report' });
export type ReportBody = z.infer<typeof reportBody>;

/** Lines of an attempt, in order; refused as a whole or kept as a whole. Sent again they are kept once. */
export const logsBody = z
  .strictObject({
    /** The number of the first of them in the attempt's own count, from 1; the others follow without a gap. */
    first_line: z.int().min(1),
    lines: z
      .array(z.strictObject({ stream: z.enum(['stderr', 'worker']), text: z.string().max(4000), at: z.iso.datetime() }))
      .max(1000),
  })
  .meta({ id: 'LogLines' });
export type LogsBody = z.infer<typeof logsBody>;

/** Attempts whose files a worker asks about before it removes them: those that may go. */
export const endedAttemptsBody = z.strictObject({ attempts: z.array(attemptId).max(1000) });
export const endedAttemptsAnswer = z.object({ ended: z.array(z.string()) });

/** Where a worker looks for what attempts left behind. `jobs`: those that have a folder in its scratch. */
export const leftoversBody = z.strictObject({ jobs: z.array(jobId).max(1000) }).meta({ id: 'LeftoversQuestion' });
export const leftoversAnswer = z
  .object({
    /** Those of the jobs that are completed, failed or canceled. */
    over: z.array(z.string()),
    /** Folders beside outputs into which workers wrote that are not there to look themselves. */
    parts: z.array(z.string()),
  })
  .meta({ id: 'Leftovers' });
export type LeftoversAnswer = z.infer<typeof leftoversAnswer>;

/** A worker as clients see it. */
export const workerView = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.enum(['online', 'draining', 'error', 'quarantined', 'offline']),
    type: z.string(),
    address: z.string(),
    active_tasks: z.int(),
    max_concurrent: z.int(),
    last_heartbeat: z.string(),
    load: z.number(),
    cpu_threads: z.int(),
    cpu_model: z.string(),
    ram_bytes: z.int(),
    labels: z.array(z.string()),
    pools: z.record(z.string(), z.int()),
    capabilities: z.unknown(),
    /** Path variables that it has; `/`: it takes absolute names too. */
    paths: z.array(z.string()),
    version: z.string(),
  })
  .meta({ id: 'Worker' });
export type WorkerView = z.infer<typeof workerView>;
export const workerList = z.object({ workers: z.array(workerView), count: z.int() }).meta({ id: 'WorkerList' });
