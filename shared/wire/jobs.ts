import { z } from 'zod';
import { JOB_STAGES } from '../job/job.ts';
import { HARDWARE_WISHES } from '../job/profile.ts';
import { TASK_KINDS } from '../job/task.ts';
import { JOB_STATES, TASK_STATES } from '../job/transitions.ts';
import { failureBody } from './problems.ts';

// What a client may say about a job, and what it is told. A name that ends in View, List or Page is an answer, the others
// are bodies of requests, as the API description has them.

const pathName = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'holds a NUL character')
  .meta({ description: 'An absolute path, or a path that begins with a path variable: `${media}/in.mkv`' });

const label = z.string().min(1).max(100);

/** Bits a second: a number, or FFmpeg's short form with k or M (thousands). */
const bitRate = z
  .union([
    z.int().positive().max(1_000_000_000),
    z.string().regex(/^[1-9][0-9]{0,8}(\.[0-9]{1,3})?[kKmM]?$/, 'is not a bit rate such as 2500k or 5M'),
  ])
  .meta({ description: 'Bits a second, e.g. 5000000, "5000k" or "5M"' });

const segment = z.strictObject({
  mode: z.enum(['auto', 'off', 'fixed']).default('auto'),
  seconds: z.number().min(1).max(3600).default(10),
});

const encodeFields = z.strictObject({
  video_codec: z
    .string()
    .max(50)
    .optional()
    .meta({ description: 'h264, hevc, av1, vp9, mpeg2, ffv1, an encoder’s name, copy or none' }),
  hardware: z.enum(HARDWARE_WISHES).optional().meta({
    description:
      'Where the picture is encoded: `auto` (default) in software while any worker has it, `prefer` in hardware with software as the fallback, `never`, `require`',
  }),
  preset: z
    .string()
    .regex(/^[a-z0-9]{1,20}$/)
    .optional(),
  crf: z.number().min(0).max(63).optional().meta({
    description: 'Constant quality in the scale of the codec’s software encoder; hardware gets what comes nearest',
  }),
  video_bitrate: bitRate.optional(),
  maxrate: bitRate
    .optional()
    .meta({ description: 'Bits a second that fill a buffer of bufsize bits; H.264 and HEVC in software only' }),
  bufsize: bitRate
    .optional()
    .meta({ description: 'Bits, e.g. 5000000, "5000k" or "5M": the buffer that maxrate fills' }),
  pixel_format: z
    .string()
    .regex(/^[a-z0-9]{1,20}$/)
    .optional(),
  width: z.int().min(16).max(16_384).optional(),
  height: z.int().min(16).max(16_384).optional(),
  audio_codec: z
    .string()
    .max(50)
    .optional()
    .meta({ description: 'aac, opus, ac3, mp3, flac, pcm, an encoder’s name, copy or none' }),
  audio_bitrate: bitRate.optional(),
  audio_channels: z.int().min(1).max(8).optional(),
});

/** A job as it is asked for; parsing fills the defaults in. */
export const jobRequestBody = z
  .strictObject({
    kind: z.enum(['transcode']).default('transcode'),
    input: pathName,
    output: pathName,
    profile: z.string().max(100).optional(),
    ...encodeFields.shape,
    segment: segment.default({ mode: 'auto', seconds: 10 }),
    affinity: z.enum(['none', 'same_worker']).default('none'),
    verify: z.enum(['fast', 'full']).default('fast'),
    on_error: z.enum(['fail', 'conceal']).default('fail').meta({
      description:
        'What a damaged input gets: `fail` ends the job as `input_corrupt` and says where; `conceal` completes it with what FFmpeg makes of the damage, and `result.verification.damage` says where',
    }),
    overwrite: z.boolean().default(false),
    priority: z.int().min(0).max(100).default(50),
    retry_attempts: z.int().min(0).max(100).default(3),
    retry_delay_seconds: z.number().min(0).max(300).default(5),
    timeout_seconds: z.int().min(0).max(31_536_000).default(0),
    labels: z.array(label).max(50).default([]),
  })
  .meta({ id: 'JobRequest' });
export type JobRequestBody = z.infer<typeof jobRequestBody>;
/** The same before parsing: what a client sends. */
export type JobRequestInput = z.input<typeof jobRequestBody>;

export const jobBatchBody = z.strictObject({ jobs: z.array(jobRequestBody).min(1).max(1000) }).meta({ id: 'JobBatch' });

/** What may be changed while a job waits or runs. */
export const jobPatchBody = z
  .strictObject({ priority: z.int().min(0).max(100).optional(), labels: z.array(label).max(50).optional() })
  .refine((patch) => patch.priority !== undefined || patch.labels !== undefined, 'names nothing to change')
  .meta({ id: 'JobPatch' });

const jobState = z.enum(JOB_STATES);

/** A job as clients see it. `progress` is 0 … 1; null is what is not known (yet). */
export const jobView = z
  .object({
    id: z.string(),
    number: z.int(),
    kind: z.string(),
    state: jobState,
    stage: z.enum(JOB_STAGES),
    progress: z.number().min(0).max(1),
    priority: z.int(),
    labels: z.array(z.string()),
    input: z.string(),
    output: z.string(),
    profile: z.string(),
    total_tasks: z.int(),
    completed_tasks: z.int(),
    created_at: z.string(),
    started_at: z.string().nullable(),
    finished_at: z.string().nullable(),
    eta_seconds: z.number().nullable(),
    error: failureBody.nullable(),
    stats: z.object({
      /** Segments planned; 0 when the file is encoded whole. */
      segments: z.int(),
      /** Why the file is not split; null when it is, or before that is known. */
      unsplit_reason: z.string().nullable(),
      fps: z.number().nullable(),
      speed: z.number().nullable(),
      input_bytes: z.int().nullable(),
      output_bytes: z.int().nullable(),
      media_seconds: z.number().nullable(),
      attempts: z.int(),
    }),
    /** The verified file, once the job is completed. */
    result: z
      .object({ output: z.string(), size_bytes: z.int(), attempt_id: z.string(), verification: z.unknown() })
      .nullable(),
  })
  .meta({ id: 'Job' });
export type JobView = z.infer<typeof jobView>;

/** One page; `count` is of all pages together, `next_cursor` null on the last. */
export const jobList = z
  .object({ jobs: z.array(jobView), count: z.int(), next_cursor: z.string().nullable() })
  .meta({ id: 'JobList' });

const attemptView = z
  .object({
    id: z.string(),
    number: z.int(),
    worker_id: z.string(),
    worker_name: z.string().nullable(),
    settles: z.string().nullable(),
    started_at: z.string(),
    ended_at: z.string().nullable(),
    outcome: z.enum(['done', 'retry', 'reject', 'interrupted', 'canceled']).nullable(),
    error: failureBody.nullable(),
    command: z.string().nullable(),
    metrics: z.unknown().nullable(),
  })
  .meta({ id: 'Attempt' });

/** A task with its attempts, the oldest first. */
export const taskView = z
  .object({
    id: z.string(),
    job_id: z.string(),
    kind: z.enum(TASK_KINDS),
    ordinal: z.int().meta({ description: 'Counts within the kind from 0; below: of a plan that was given up' }),
    state: z.enum(TASK_STATES),
    class: z.string(),
    progress: z.number(),
    fps: z.number().nullable(),
    speed: z.number().nullable(),
    expected_seconds: z.number().nullable(),
    not_before: z.string().nullable(),
    failures: z.int(),
    interruptions: z.int(),
    error: failureBody.nullable(),
    result: z.unknown().nullable(),
    attempts: z.array(attemptView),
  })
  .meta({ id: 'Task' });
export type TaskView = z.infer<typeof taskView>;

export const taskList = z.object({ tasks: z.array(taskView) }).meta({ id: 'TaskList' });

/** Why a job is in the state it is in, in sentences a user understands, with the facts behind them. */
export const whyView = z
  .object({
    state: jobState,
    reason: z.string(),
    /** Tasks that wait, each with its place in its queue and what each worker says to it. */
    waiting: z.array(
      z.object({
        task_id: z.string(),
        kind: z.string(),
        class: z.string(),
        position: z.int(),
        not_before: z.string().nullable(),
        workers: z.array(z.object({ worker_id: z.string(), name: z.string(), reason: z.string() })),
      }),
    ),
  })
  .meta({ id: 'Why' });
export type WhyView = z.infer<typeof whyView>;

const logLine = z.object({
  seq: z.int(),
  task_id: z.string(),
  stream: z.string(),
  text: z.string(),
  at: z.string(),
});
/** Lines of a job's log; `next` is the `after` of the next page. */
export const logPage = z.object({ lines: z.array(logLine), next: z.int() }).meta({ id: 'LogPage' });
export type LogPage = z.infer<typeof logPage>;

const codecName = z.string().meta({ description: 'A codec, copy or none' });

/** How to encode: what a job gets that names the profile and nothing else. */
export const profileView = z
  .object({
    name: z.string(),
    description: z.string(),
    video_codec: codecName,
    video_encoder: z.string().nullable(),
    hardware: z.enum(HARDWARE_WISHES),
    preset: z.string().nullable(),
    crf: z.number().nullable(),
    video_bitrate: z.number().nullable(),
    maxrate: z.number().nullable(),
    bufsize: z.number().nullable(),
    lossless: z.boolean(),
    pixel_format: z.string().nullable(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    audio_codec: codecName,
    audio_bitrate: z.number().nullable(),
    audio_channels: z.int().nullable(),
  })
  .meta({ id: 'Profile' });
export const profileList = z.object({ profiles: z.array(profileView) }).meta({ id: 'ProfileList' });
