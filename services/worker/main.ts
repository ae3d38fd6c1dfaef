import { failureOf } from '../../shared/errors.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { shutdownSignal } from '../../shared/runtime/shutdown.ts';
import { readWorkerConfig } from './config.ts';
import { startWorker } from './start.ts';

/**
 * SIGTERM drains: running tasks are finished (within FFMILL_DRAIN_GRACE_SECONDS). SIGINT gives them back at once. A
 * second signal ends the process where it stands; what it held runs again when the leases are over.
 */
async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const log = createLogger({ level: config.logLevel, name: 'worker' });
  const shutdown = shutdownSignal();
  const end = Promise.withResolvers<void>();
  shutdown.addEventListener('abort', () => end.resolve());
  const worker = await startWorker(config, { log, signal: shutdown, onFatal: end.reject }).catch((error: unknown) => {
    if (!shutdown.aborted) throw error;
  });
  try {
    await end.promise;
  } finally {
    await worker?.stop({ mode: shutdown.reason === 'SIGTERM' ? 'drain' : 'immediate' });
  }
}

await main().catch((error: unknown) => {
  process.stderr.write(`ffmill worker: ${failureOf(error).message}\n`);
  process.exitCode = 1;
});
