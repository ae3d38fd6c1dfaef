import { hostname } from 'node:os';
import { connectBroker } from '../../shared/broker/connect-broker.ts';
import { openStore } from '../../shared/db/open-store.ts';
import { failureOf } from '../../shared/errors.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { shutdownSignal } from '../../shared/runtime/shutdown.ts';
import { readJanitorConfig } from './config.ts';
import { startJanitor } from './start.ts';

async function main(): Promise<void> {
  const config = readJanitorConfig(process.env);
  const log = createLogger({ level: config.logLevel, name: 'janitor' });
  const shutdown = shutdownSignal();
  const end = Promise.withResolvers<void>();
  shutdown.addEventListener('abort', () => end.resolve());

  await using opened = new AsyncDisposableStack();
  const store = await openStore(config.database, { log, outbox: config.broker !== undefined });
  opened.defer(() => store.close());
  const broker = config.broker && connectBroker(config.broker, { log, name: `janitor@${hostname()}` });
  opened.defer(async () => broker?.close());
  const janitor = await startJanitor(config, { store, broker, log, onFatal: end.reject });
  opened.defer(() => janitor.stop());
  if (!shutdown.aborted) await end.promise;
}

await main().catch((error: unknown) => {
  process.stderr.write(`ffmill janitor: ${failureOf(error).message}\n`);
  process.exitCode = 1;
});
