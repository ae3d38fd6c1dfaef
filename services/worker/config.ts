import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { logLevel, parseConfig, positiveInteger } from '../../shared/runtime/config.ts';

/** What a worker is told to be. */
export type WorkerConfig = {
  /** Base of the coordinators' API. */
  readonly url: string;
  readonly name: string;
  readonly slots: number;
  /** Encoder threads of one task. */
  readonly threads: number;
  readonly dataDir: string;
  /** Where `${scratch}` is. */
  readonly scratchDir: string;
  /** What test encodes found out about the FFmpeg here; workers of one machine may share it. */
  readonly capabilitiesFile: string;
  /** Names or paths of the programs. */
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly stallMs: number;
  /** How long a drain waits for running tasks; 0: until they are done. */
  readonly drainGraceMs: number;
  readonly logLevel: string;
};

const SECOND = 1_000;

const wholeNumber = z.coerce.number('must be a number').int('must be a whole number');

const schema = z.object({
  FFMILL_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).default('http://127.0.0.1:8080'),
  FFMILL_WORKER_NAME: z.string().max(200, 'must be at most 200 characters').default(hostname),
  FFMILL_SLOTS: wholeNumber.min(1, 'must be above 0').optional(),
  FFMILL_THREADS: wholeNumber.min(1, 'must be above 0').optional(),
  FFMILL_DATA_DIR: z.string().default('data'),
  FFMILL_SCRATCH: z.string().optional(),
  FFMILL_FFMPEG: z.string().default('ffmpeg'),
  FFMILL_FFPROBE: z.string().default('ffprobe'),
  FFMILL_STALL_SECONDS: positiveInteger(120),
  FFMILL_DRAIN_GRACE_SECONDS: wholeNumber.min(0, 'must be 0 or above').default(0),
  FFMILL_LOG_LEVEL: logLevel('info'),
});

/** The worker's settings out of the environment. @throws AppError `invalid_request` that lists every problem. */
export function readWorkerConfig(env: Record<string, string | undefined>): WorkerConfig {
  const settings = parseConfig(schema, env);
  const slots = settings.FFMILL_SLOTS ?? defaultSlots(availableParallelism());
  const dataDir = resolve(settings.FFMILL_DATA_DIR);
  return {
    url: settings.FFMILL_URL,
    name: settings.FFMILL_WORKER_NAME,
    slots,
    threads: settings.FFMILL_THREADS ?? threadsPerSlot(availableParallelism(), slots),
    dataDir,
    scratchDir: settings.FFMILL_SCRATCH === undefined ? join(dataDir, 'scratch') : resolve(settings.FFMILL_SCRATCH),
    capabilitiesFile: join(dataDir, 'capabilities.json'),
    ffmpeg: settings.FFMILL_FFMPEG,
    ffprobe: settings.FFMILL_FFPROBE,
    stallMs: settings.FFMILL_STALL_SECONDS * SECOND,
    drainGraceMs: settings.FFMILL_DRAIN_GRACE_SECONDS * SECOND,
    logLevel: settings.FFMILL_LOG_LEVEL,
  };
}

/** Encoders use about four threads well; on a small machine one each keeps every core busy to the end. */
export function defaultSlots(cores: number): number {
  return cores <= 4 ? cores : Math.max(4, Math.round(cores / 4));
}

export function threadsPerSlot(cores: number, slots: number): number {
  return Math.max(1, Math.floor(cores / slots));
}
