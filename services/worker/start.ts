import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lockDirectory } from '../../shared/runtime/lock-directory.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { pathNames } from '../../shared/storage/path-names.ts';
import type { WorkerConfig } from './config.ts';
import { openDownlinks } from './downlink/open-downlinks.ts';
import type { RunTask } from './execute-task.ts';
import { findBinaries } from './ffmpeg/binaries.ts';
import { proveCapabilities } from './ffmpeg/capabilities.ts';
import { joinFarm, type Worker } from './join-farm.ts';
import { openJournal } from './journal.ts';
import { replayJournal } from './replay-journal.ts';
import { openRoots } from './storage/open-roots.ts';
import { runTaskKind } from './tasks/run-task-kind.ts';
import { TIMING, type Timing } from './timing.ts';
import { createContact } from './uplink/contact.ts';
import { connectCoordinator } from './uplink/coordinator.ts';

type WorkerDependencies = {
  readonly log: Logger;
  /** Ends the wait for a first coordinator. */
  readonly signal?: AbortSignal;
  /** The worker cannot go on, e.g. because another has taken its name; it is to be stopped. */
  onFatal?(error: unknown): void;
  readonly runTaskKind?: RunTask;
  readonly findBinaries?: typeof findBinaries;
  readonly proveCapabilities?: typeof proveCapabilities;
  readonly timing?: Timing;
};

/**
 * Starts a worker: says what its former life left unsaid, registers, and takes tasks. Resolves when it is registered,
 * however long that takes; what it can encode is proved meanwhile.
 *
 * @throws AppError `data_dir_in_use`, `ffmpeg_missing`, `name_in_use`, `invalid_request` for a path without a folder
 */
export async function startWorker(config: WorkerConfig, dependencies: WorkerDependencies): Promise<Worker> {
  const { log, signal = new AbortController().signal, timing = TIMING } = dependencies;
  const names = { ffmpeg: config.ffmpeg, ffprobe: config.ffprobe };
  const searchPath = process.env.PATH ?? '';
  const binaries = await (dependencies.findBinaries ?? findBinaries)(names, { searchPath, signal });
  if (config.absoluteNames) await mkdir(config.folders.scratch, { recursive: true });
  const roots = await openRoots(config.folders);
  const directory = join(config.dataDir, 'worker');
  const lock = lockDirectory(directory);
  const journal = openJournal(directory);
  const coordinator = connectCoordinator(config.url);
  const contact = createContact();
  const downlinks = openDownlinks(config.broker, {
    ...{ log, name: `worker ${config.name}`, patienceMs: timing.brokerPatienceMs },
  });
  const paths = pathNames(roots, { absolute: config.absoluteNames });
  const close = () => {
    coordinator.close();
    journal.close();
    lock.release();
  };
  try {
    await replayJournal({ coordinator, contact, journal, paths, timing, log, sending: signal });
    return await joinFarm(
      { config, coordinator, contact, downlinks, journal, roots, paths, binaries, timing, log, signal, close },
      {
        runTaskKind: dependencies.runTaskKind ?? runTaskKind,
        proveCapabilities: dependencies.proveCapabilities ?? proveCapabilities,
        onFatal: dependencies.onFatal ?? ((error) => log.fatal({ err: error }, 'the worker cannot go on')),
      },
    );
  } catch (error) {
    await downlinks.close();
    close();
    throw error;
  }
}
