import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openSqlite } from '../../shared/db/open-sqlite.ts';
import { DEFAULT_RULES } from '../../shared/db/rules.ts';
import { AppError } from '../../shared/errors.ts';
import { lockDirectory } from '../../shared/runtime/lock-directory.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { errnoOf } from '../../shared/storage/errno.ts';
import { startCoordinator } from '../coordinator/start.ts';
import { startJanitor } from '../janitor/start.ts';
import { startWorker } from '../worker/start.ts';
import type { EmbeddedConfig } from './config.ts';

export type Embedded = {
  readonly url: string;
  /** Aborted, with the error as its reason, when a part cannot go on: nothing runs any more, and it is to be stopped. */
  readonly failed: AbortSignal;
  /**
   * Ends in order: what runs is given back, nothing new is taken, then the service and the store close. With `remove`
   * the data folder goes as well, still under its lock. Safe twice.
   */
  stop(options: { state: 'keep' | 'remove' }): Promise<void>;
};

const HOST = '127.0.0.1';

/**
 * The only worker is this process: a heartbeat more a second costs nothing here and makes progress bars move, and an
 * encoder that it lacks will not come with another worker.
 */
const RULES = { ...DEFAULT_RULES, heartbeatMs: 1000, failUnservable: true };

/**
 * Starts a whole farm in this process: SQLite store, coordinator on the loopback address, janitor and one worker, which
 * speak to each other as they do in a large farm. Resolves when it takes jobs.
 *
 * @throws AppError `data_dir_in_use`, `port_in_use`, `ffmpeg_missing`; nothing is left running then.
 */
export async function startEmbedded(config: EmbeddedConfig, { log }: { log: Logger }): Promise<Embedded> {
  let remove = false;
  const failed = new AbortController();
  const fail = (error: unknown) => {
    log.fatal({ err: error }, 'the worker cannot go on');
    failed.abort(error);
  };
  await using starting = new AsyncDisposableStack();

  const lock = lockDirectory(config.dataDir);
  starting.defer(async () => {
    if (remove) await rm(config.dataDir, { recursive: true, force: true });
    lock.release();
  });
  const store = await openSqlite(join(config.dataDir, 'ffmill.sqlite'));
  starting.defer(() => store.close());
  const coordinator = await listen(config.port, { store, log, rules: RULES });
  starting.defer(() => coordinator.stop());
  const janitor = await startJanitor(config.janitor, { store, log, rules: RULES });
  starting.defer(() => janitor.stop());
  const worker = await startWorker({ ...config.worker, url: coordinator.url }, { log, onFatal: fail });
  starting.defer(() => worker.stop({ mode: 'immediate' }));

  const running = starting.move();
  return {
    ...{ url: coordinator.url, failed: failed.signal },
    async stop({ state }) {
      remove ||= state === 'remove';
      await running.disposeAsync();
    },
  };
}

async function listen(port: number, dependencies: Parameters<typeof startCoordinator>[1]) {
  return startCoordinator({ host: HOST, port }, dependencies).catch((cause: unknown) => {
    if (errnoOf(cause) !== 'EADDRINUSE') throw cause;
    throw new AppError('port_in_use', `another program listens on ${HOST}:${port}; choose another with --port`, {
      cause,
    });
  });
}
