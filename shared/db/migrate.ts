import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { AppError } from '../errors.ts';
import type { ColumnTypes } from './column-types.ts';
import { COLUMN_TYPES } from './column-types.ts';
import { firstTables } from './migrations/0001-first-tables.ts';
import { farmOfMany } from './migrations/0002-farm-of-many.ts';
import type { Schema } from './schema.ts';

/** A migration, written once for all databases: only the names of column types differ. */
type PortableMigration = (db: Kysely<Schema>, types: ColumnTypes) => Promise<void>;

const MIGRATIONS: Readonly<Record<string, PortableMigration>> = {
  '0001-first-tables': firstTables,
  '0002-farm-of-many': farmOfMany,
};

/**
 * Brings the schema to what this code expects. Refuses a database that has migrations this code does not know: it was
 * written by a newer ffmill. Safe to call again.
 *
 * @throws AppError `unavailable`.
 */
export async function migrate(db: Kysely<Schema>, database: keyof typeof COLUMN_TYPES): Promise<void> {
  const types = COLUMN_TYPES[database];
  const migrations = Object.fromEntries(
    Object.entries(MIGRATIONS).map(([name, run]): [string, Migration] => [name, { up: (db) => run(db, types) }]),
  );
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined)
    throw new AppError('unavailable', 'the database could not be brought to the schema of this version', {
      cause: error,
    });
}
