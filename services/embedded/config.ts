import { join } from 'node:path';
import { type JanitorConfig, readJanitorConfig } from '../janitor/config.ts';
import { readWorkerConfig, type WorkerConfig } from '../worker/config.ts';

/** What the caller decides; the rest comes out of the environment. */
export type EmbeddedOptions = {
  readonly dataDir: string;
  readonly port: number;
  /** undefined: as many as suit the machine. */
  readonly slots: number | undefined;
  /** What is known of the FFmpeg here: outlives the data folder of one transcode. Its folder exists. */
  readonly capabilitiesFile: string;
};

/** What an embedded farm is told to be. */
export type EmbeddedConfig = {
  /** Its state: one process at a time. */
  readonly dataDir: string;
  /** Where it listens on 127.0.0.1; 0: any free port. */
  readonly port: number;
  /** The worker's address of the coordinator is known only once that listens. */
  readonly worker: Omit<WorkerConfig, 'url'>;
  readonly janitor: JanitorConfig;
};

/**
 * The settings of an embedded farm: those of its parts out of the environment, and what the caller decides.
 *
 * @throws AppError `invalid_request` that lists every problem.
 */
export function readEmbeddedConfig(
  env: Readonly<Record<string, string | undefined>>,
  { dataDir, port, slots, capabilitiesFile }: EmbeddedOptions,
): EmbeddedConfig {
  // It works on this machine's own files, whatever paths the machine has as a worker of a farm.
  const { FFMILL_URL: _ours, FFMILL_PATHS: _farms, ...rest } = env;
  const worker = readWorkerConfig({
    ...rest,
    FFMILL_DATA_DIR: dataDir,
    FFMILL_SCRATCH: env.FFMILL_SCRATCH || join(dataDir, 'scratch'),
    ...(slots === undefined ? {} : { FFMILL_SLOTS: String(slots) }),
  });
  return { dataDir, port, worker: { ...worker, capabilitiesFile }, janitor: readJanitorConfig(env) };
}
