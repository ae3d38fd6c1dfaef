import { once } from 'node:events';
import { openSqlite } from '../../shared/db/open-sqlite.ts';
import { failureOf } from '../../shared/errors.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { shutdownSignal } from '../../shared/runtime/shutdown.ts';
import { readCoordinatorConfig } from './config.ts';
import { startCoordinator } from './start.ts';

async function main(): Promise<void> {
  const config = readCoordinatorConfig(process.env);
  const log = createLogger({ level: config.logLevel, name: 'coordinator' });
  const shutdown = shutdownSignal();
  const store = await openSqlite(config.database);
  const coordinator = await startCoordinator(config, { store, log });
  if (!shutdown.aborted) await once(shutdown, 'abort');
  await coordinator.stop();
  await store.close();
}

await main().catch((error: unknown) => {
  process.stderr.write(`ffmill coordinator: ${failureOf(error).message}\n`);
  process.exitCode = 1;
});
