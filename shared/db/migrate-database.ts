import { Kysely } from 'kysely';
import type { DatabaseConfig } from './database-settings.ts';
import { MariadbDialect } from './mariadb/mariadb-dialect.ts';
import { RepeatableDdl } from './mariadb/repeatable-ddl.ts';
import { sessionPool } from './mariadb/session-connection.ts';
import { openSessions } from './mariadb/sessions.ts';
import { migrate } from './migrate.ts';
import { openSqlite } from './open-sqlite.ts';
import type { Schema } from './schema.ts';

/**
 * Migrates a database, with an account that may change tables, and returns what it took. On MariaDB changes of tables
 * are no transactions: one that was broken off is run again from its start, which does no harm to what is there already.
 *
 * @throws AppError `unavailable`, `schema_newer`.
 */
export async function migrateDatabase(config: DatabaseConfig): Promise<string[]> {
  if (config.kind === 'sqlite') {
    await (await openSqlite(config.file)).close(); // migrates itself
    return [];
  }
  const sessions = openSessions({ config, statementSeconds: 0 });
  const pool = sessionPool(sessions, { answerWithinMs: undefined });
  const db = new Kysely<Schema>({ dialect: new MariadbDialect({ pool }), plugins: [new RepeatableDdl()] });
  try {
    return await migrate(db, 'mariadb');
  } finally {
    await db.destroy();
  }
}
