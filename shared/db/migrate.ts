import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { AppError } from '../errors.ts';
import { COLUMN_TYPES } from './column-types.ts';
import { MIGRATIONS, refuseNewerSchema } from './migrations.ts';
import type { Schema } from './schema.ts';

/**
 * Brings the schema to what this code expects and returns the names of the migrations that it took. Safe to call again,
 * and at once by two.
 *
 * @throws AppError `unavailable`; `schema_newer` for a database that has migrations this code does not know.
 */
export async function migrate(db: Kysely<Schema>, database: keyof typeof COLUMN_TYPES): Promise<string[]> {
  const types = COLUMN_TYPES[database];
  const migrations = Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, run]): [string, Migration] => [name, { up: (db) => run(db, types) }]),
  );
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return (results ?? []).map((result) => result.migrationName);
  refuseNewerSchema(await migrationsIn(db).catch(() => []));
  const why = error instanceof Error ? error.message : 'no reason given';
  throw new AppError('unavailable', `the database could not be brought to the schema of this version: ${why}`, {
    cause: error,
  });
}

async function migrationsIn(db: Kysely<Schema>): Promise<string[]> {
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  return rows.map((row) => row.name);
}
