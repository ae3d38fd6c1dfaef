import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { type BrokerConfig, brokerSettings, readBrokerConfig } from '../../shared/broker/config.ts';
import { AppError } from '../../shared/errors.ts';
import type { HardwarePool } from '../../shared/job/pools.ts';
import { logLevel, parseConfig, positiveInteger } from '../../shared/runtime/config.ts';
import { type Devices, ONLY_DEVICES } from './ffmpeg/devices.ts';
import { parseFolders } from './storage/parse-folders.ts';

/** What a worker is told about its hardware encoders. */
export type HardwareConfig = {
  /** Encodes at a time, by pool; left out: what the proof finds; 0: the pool is not used. */
  readonly slots: Readonly<Partial<Record<HardwarePool, number>>>;
  readonly devices: Devices;
};

/** What a worker is told to be. */
export type WorkerConfig = {
  /** Base of the coordinators' API. */
  readonly url: string;
  readonly name: string;
  readonly slots: number;
  readonly hardware: HardwareConfig;
  /** Encoder threads of one task. */
  readonly threads: number;
  readonly dataDir: string;
  /** Folders that path variables stand for. */
  readonly folders: Readonly<Record<string, string>> & { readonly scratch: string };
  /** Jobs may name this machine's own files by absolute path: nothing says what they may name instead. */
  readonly absoluteNames: boolean;
  /** What test encodes found out about the FFmpeg here; workers of one machine may share it. */
  readonly capabilitiesFile: string;
  /** Names or paths of the programs. */
  readonly ffmpeg: string;
  readonly ffprobe: string;
  readonly stallMs: number;
  /** What SIGTERM does to running tasks: finish them within the grace, finish them, or give them back at once. */
  readonly shutdown: 'graceful' | 'drain' | 'immediate';
  /** How long a graceful end waits for running tasks; 0: until they are done. */
  readonly drainGraceMs: number;
  /** Where tokens come from; undefined: by HTTP long-poll alone. */
  readonly broker?: BrokerConfig | undefined;
  readonly logLevel: string;
};

const SECOND = 1_000;

const wholeNumber = z.coerce.number('must be a number').int('must be a whole number');

const hardwareCount = wholeNumber.min(0, 'must be 0 or above').max(1024, 'must be at most 1024');

const schema = z.object({
  FFMILL_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).default('http://127.0.0.1:8080'),
  FFMILL_WORKER_NAME: z.string().max(200, 'must be at most 200 characters').default(hostname),
  FFMILL_SLOTS: wholeNumber.min(1, 'must be above 0').optional(),
  FFMILL_SLOTS_NVENC: hardwareCount.optional(),
  FFMILL_SLOTS_VAAPI: hardwareCount.optional(),
  FFMILL_SLOTS_QSV: hardwareCount.optional(),
  FFMILL_SLOTS_VIDEOTOOLBOX: hardwareCount.optional(),
  FFMILL_NVENC_GPU: wholeNumber.min(0, 'must be 0 or above').optional(),
  FFMILL_RENDER_DEVICE: z.string().default(ONLY_DEVICES.render),
  FFMILL_THREADS: wholeNumber.min(1, 'must be above 0').optional(),
  FFMILL_DATA_DIR: z.string().default('data'),
  FFMILL_SCRATCH: z.string().optional(),
  FFMILL_FFMPEG: z.string().default('ffmpeg'),
  FFMILL_FFPROBE: z.string().default('ffprobe'),
  FFMILL_STALL_SECONDS: positiveInteger(120),
  FFMILL_SHUTDOWN: z.enum(['graceful', 'drain', 'immediate']).default('graceful'),
  FFMILL_DRAIN_GRACE_SECONDS: wholeNumber.min(0, 'must be 0 or above').default(0),
  FFMILL_DOWNLINK: z.enum(['http', 'amqp']).optional(),
  ...brokerSettings,
  FFMILL_LOG_LEVEL: logLevel('info'),
});

/** The worker's settings out of the environment. @throws AppError `invalid_request` that lists every problem. */
export function readWorkerConfig(env: Record<string, string | undefined>): WorkerConfig {
  const settings = parseConfig(schema.extend({ FFMILL_PATHS: foldersSetting(env.FFMILL_SCRATCH) }), env);
  const slots = settings.FFMILL_SLOTS ?? defaultSlots(availableParallelism());
  const dataDir = resolve(settings.FFMILL_DATA_DIR);
  return {
    url: settings.FFMILL_URL,
    name: settings.FFMILL_WORKER_NAME,
    slots,
    hardware: hardwareOf(settings),
    threads: settings.FFMILL_THREADS ?? threadsPerSlot(availableParallelism(), slots),
    dataDir,
    folders: { scratch: resolve(settings.FFMILL_SCRATCH ?? join(dataDir, 'scratch')), ...settings.FFMILL_PATHS },
    absoluteNames: settings.FFMILL_PATHS === undefined,
    capabilitiesFile: join(dataDir, 'capabilities.json'),
    ffmpeg: settings.FFMILL_FFMPEG,
    ffprobe: settings.FFMILL_FFPROBE,
    stallMs: settings.FFMILL_STALL_SECONDS * SECOND,
    shutdown: settings.FFMILL_SHUTDOWN,
    drainGraceMs: settings.FFMILL_DRAIN_GRACE_SECONDS * SECOND,
    broker: brokerOf(settings),
    logLevel: settings.FFMILL_LOG_LEVEL,
  };
}

function hardwareOf(settings: z.infer<typeof schema>): HardwareConfig {
  const slots = {
    nvenc: settings.FFMILL_SLOTS_NVENC,
    vaapi: settings.FFMILL_SLOTS_VAAPI,
    qsv: settings.FFMILL_SLOTS_QSV,
    videotoolbox: settings.FFMILL_SLOTS_VIDEOTOOLBOX,
  } satisfies Record<HardwarePool, number | undefined>;
  return {
    slots: Object.fromEntries(Object.entries(slots).filter(([, count]) => count !== undefined)),
    devices: { nvidia: settings.FFMILL_NVENC_GPU ?? null, render: settings.FFMILL_RENDER_DEVICE },
  };
}

/** `http` leaves a broker that is set alone. */
function brokerOf(settings: z.infer<typeof schema>): BrokerConfig | undefined {
  if (settings.FFMILL_DOWNLINK === 'http') return undefined;
  if (settings.FFMILL_DOWNLINK === 'amqp' && settings.FFMILL_AMQP_URL === undefined)
    throw new AppError(
      'invalid_request',
      'the configuration is not valid:\n  FFMILL_DOWNLINK: amqp needs FFMILL_AMQP_URL',
    );
  return readBrokerConfig(settings);
}

/** `FFMILL_PATHS` says where scratch is, or `FFMILL_SCRATCH` does: a farm's scratch is shared, so it has no default. */
function foldersSetting(scratch: string | undefined) {
  return z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return undefined;
      const { folders, problems } = parseFolders(text);
      const named = 'scratch' in folders;
      const given = scratch !== undefined && scratch !== '';
      const problem = named && given ? BOTH_SCRATCH : !named && !given ? NO_SCRATCH : undefined;
      for (const message of problem === undefined ? problems : [...problems, problem]) context.addIssue(message);
      return folders;
    });
}

const NO_SCRATCH = 'names no scratch folder: add scratch=…, shared by all workers with these paths';
const BOTH_SCRATCH = 'names a scratch folder, and so does FFMILL_SCRATCH';

/** Encoders use about four threads well; on a small machine one each keeps every core busy to the end. */
export function defaultSlots(cores: number): number {
  return cores <= 4 ? cores : Math.max(4, Math.round(cores / 4));
}

export function threadsPerSlot(cores: number, slots: number): number {
  return Math.max(1, Math.floor(cores / slots));
}
