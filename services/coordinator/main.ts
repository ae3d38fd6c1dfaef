import { hostname } from 'node:os';
import { connectBroker } from '../../shared/broker/connect-broker.ts';
import { openStore } from '../../shared/db/open-store.ts';
import { failureOf } from '../../shared/errors.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { shutdownSignal } from '../../shared/runtime/shutdown.ts';
import { readCoordinatorConfig } from './config.ts';
import { startCoordinator } from './start.ts';

/** The first signal ends it in order, a second one where it stands: nothing of it is lost, clients ask another. */
async function main(): Promise<void> {
  const config = readCoordinatorConfig(process.env);
  const log = createLogger({ level: config.logLevel, name: 'coordinator' });
  const shutdown = shutdownSignal();
  const end = Promise.withResolvers<void>();
  shutdown.addEventListener('abort', () => end.resolve());

  await using opened = new AsyncDisposableStack();
  const store = await openStore(config.database, { log, outbox: config.broker !== undefined });
  opened.defer(() => store.close());
  const broker = config.broker && connectBroker(config.broker, { log, name: `coordinator@${hostname()}` });
  opened.defer(async () => broker?.close());
  const coordinator = await startCoordinator(config, { store, broker, log, onFatal: end.reject });
  opened.defer(() => coordinator.stop());
  if (!shutdown.aborted) await end.promise;
}

await main().catch((error: unknown) => {
  process.stderr.write(`ffmill coordinator: ${failureOf(error).message}\n`);
  process.exitCode = 1;
});
