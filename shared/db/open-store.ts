import type { DatabaseConfig } from './database-settings.ts';
import { openMariadb } from './open-mariadb.ts';
import { openSqlite } from './open-sqlite.ts';
import type { Store, StoreOptions } from './store.ts';

/**
 * The store that the settings name. SQLite is made and migrated here; a MariaDB need not be there yet: `check` says
 * whether it is, and whether it has the schema of this version (`ffmill migrate` brings it there).
 *
 * @throws AppError `unavailable` for a SQLite file that a newer ffmill wrote.
 */
export async function openStore(config: DatabaseConfig, options: StoreOptions): Promise<Store> {
  if (config.kind === 'mariadb') return openMariadb(config, options);
  return openSqlite(config.file, options.clock, { outbox: options.outbox });
}
