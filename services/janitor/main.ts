import { once } from 'node:events';
import { openSqlite } from '../../shared/db/open-sqlite.ts';
import { failureOf } from '../../shared/errors.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { shutdownSignal } from '../../shared/runtime/shutdown.ts';
import { readJanitorConfig } from './config.ts';
import { startJanitor } from './start.ts';

async function main(): Promise<void> {
  const config = readJanitorConfig(process.env);
  const log = createLogger({ level: config.logLevel, name: 'janitor' });
  const shutdown = shutdownSignal();
  const store = await openSqlite(config.database);
  const janitor = await startJanitor(config, { store, log });
  if (!shutdown.aborted) await once(shutdown, 'abort');
  await janitor.stop();
  await store.close();
}

await main().catch((error: unknown) => {
  process.stderr.write(`ffmill janitor: ${failureOf(error).message}\n`);
  process.exitCode = 1;
});
