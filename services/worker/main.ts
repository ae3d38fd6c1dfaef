import { failureOf } from '../../shared/errors.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { endBySignal, onShutdownSignals } from '../../shared/runtime/shutdown.ts';
import { readWorkerConfig, type WorkerConfig } from './config.ts';
import type { Worker } from './join-farm.ts';
import { startWorker } from './start.ts';

/**
 *   SIGTERM ─► what FFMILL_SHUTDOWN says: finish what runs, or give it back ─┐
 *   SIGINT, SIGHUP, a second signal ─► give it back at once ─────────────────┼─► reports, files, "offline" ─► end
 *   a deadline (graceful) ─► give back what is left ─────────────────────────┘
 *   a third signal ─► end here and now; what was held runs again when its leases are over
 */
async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const log = createLogger({ level: config.logLevel, name: 'worker' });
  const starting = new AbortController();
  const end = Promise.withResolvers<WorkerConfig['shutdown']>();
  let worker: Worker | undefined;
  onShutdownSignals((signal, time) => {
    if (time > 2) endBySignal(signal);
    const mode = time === 1 && signal === 'SIGTERM' ? config.shutdown : 'immediate';
    log.info({ signal, mode }, 'asked to end');
    starting.abort(signal);
    end.resolve(mode);
    if (time === 2) void worker?.stop({ mode });
  });
  worker = await startWorker(config, { log, signal: starting.signal, onFatal: end.reject }).catch((error: unknown) => {
    if (!starting.signal.aborted) throw error;
    return undefined;
  });
  try {
    await worker?.stop({ mode: await end.promise });
  } catch (error) {
    await worker?.stop({ mode: 'immediate' });
    throw error;
  }
}

await main().catch((error: unknown) => {
  process.stderr.write(`ffmill worker: ${failureOf(error).message}\n`);
  process.exitCode = 1;
});
