import { join } from 'node:path';
import type { WorkerConfig } from '../../services/worker/config.ts';
import type { RunTask } from '../../services/worker/execute-task.ts';
import { ONLY_DEVICES } from '../../services/worker/ffmpeg/devices.ts';
import { TIMING, type Timing } from '../../services/worker/timing.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { makeFile } from './worker-tasks.ts';

export type TestWorkerOptions = {
  readonly url: string;
  readonly folder: string;
  readonly runTaskKind?: RunTask;
  readonly slots?: number;
  /** Path variables; then names must begin with one. */
  readonly folders?: WorkerConfig['folders'];
  readonly drainGraceMs?: number;
  readonly timing?: Partial<Timing>;
  onFatal?(error: unknown): void;
};

const QUICK: Partial<Timing> = {
  lookAgainMs: 20,
  publishAgainMs: { baseMs: 20, capMs: 50 },
  logBatchMs: 10,
  farewellMs: 500,
};

/** What startWorker takes, without FFmpeg: tasks write a line into their file, and one encoder is proved at once. */
export function workerArguments({
  url,
  folder,
  runTaskKind = makeFile,
  slots = 1,
  folders,
  drainGraceMs = 0,
  timing,
  onFatal,
}: TestWorkerOptions) {
  const config = {
    ...{ hardware: { slots: {}, devices: ONLY_DEVICES } },
    ...{ url, name: 'worker', slots, threads: 1, dataDir: join(folder, 'data') },
    ...{ folders: folders ?? { scratch: join(folder, 'scratch') }, absoluteNames: folders === undefined },
    capabilitiesFile: join(folder, 'data', 'capabilities.json'),
    shutdown: 'graceful' as const,
    ...{ ffmpeg: 'ffmpeg', ffprobe: 'ffprobe', stallMs: 1_000, drainGraceMs, logLevel: 'silent' },
  };
  const log = createLogger({ level: 'silent', name: 'worker' });
  const dependencies = {
    ...{ log, runTaskKind, timing: { ...TIMING, ...QUICK, ...timing } },
    findBinaries: async () => ({ ffmpeg: '/bin/ffmpeg', ffprobe: '/bin/ffprobe' }),
    proveCapabilities: async () => ({ ffmpeg_version: '5.1', encoders: { libx264: 100 }, sessions: {}, decoders: [] }),
    ...(onFatal && { onFatal }),
  };
  return [config, dependencies] as const;
}
