import type { Kysely } from 'kysely';
import { AppError } from '../errors.ts';
import type { ColumnTypes } from './column-types.ts';
import { firstTables } from './migrations/0001-first-tables.ts';
import { farmOfMany } from './migrations/0002-farm-of-many.ts';
import { settledLogs } from './migrations/0003-settled-logs.ts';
import { secondPlans } from './migrations/0004-second-plans.ts';
import { waitingTasks } from './migrations/0005-waiting-tasks.ts';
import type { Schema } from './schema.ts';

/** A migration, written once for all databases: only the names of column types differ. */
type PortableMigration = (db: Kysely<Schema>, types: ColumnTypes) => Promise<void>;

/** All there are, in their order. A statement is never changed once it was released: another migration follows. */
export const MIGRATIONS: Readonly<Record<string, PortableMigration>> = {
  '0001-first-tables': firstTables,
  '0002-farm-of-many': farmOfMany,
  '0003-settled-logs': settledLogs,
  '0004-second-plans': secondPlans,
  '0005-waiting-tasks': waitingTasks,
};

/**
 * Compares the migrations that a database has gone through with those of this version.
 *
 * @throws AppError `unavailable` when some are missing, `schema_newer` when there are others.
 */
export function refuseOtherSchema(applied: readonly string[]): void {
  refuseNewerSchema(applied);
  const missing = Object.keys(MIGRATIONS).filter((name) => !applied.includes(name));
  if (missing.length > 0)
    throw new AppError('unavailable', `the database lacks ${missing.join(', ')}: run \`ffmill migrate\``);
}

/** @throws AppError `schema_newer` when a database has gone through migrations that this version does not have. */
export function refuseNewerSchema(applied: readonly string[]): void {
  const newer = applied.filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (newer.length > 0)
    throw new AppError('schema_newer', `a newer ffmill has migrated the database (${newer.join(', ')})`);
}
