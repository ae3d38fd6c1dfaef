import { z } from 'zod';
import { databaseSettings, nameOfDatabase, readDatabaseConfig } from '../../../shared/db/database-settings.ts';
import { migrateDatabase } from '../../../shared/db/migrate-database.ts';
import { parseConfig } from '../../../shared/runtime/config.ts';
import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

/** The one command that touches the database: coordinators and janitors have accounts that may not change tables. */
export const migrate: CommandRun = async ({ env, output }) => {
  const config = readDatabaseConfig(parseConfig(z.object(databaseSettings), env));
  const applied = await migrateDatabase(config);
  const name = nameOfDatabase(config);
  const text =
    applied.length === 0
      ? `${name} has the schema of this version`
      : `${name} was brought to the schema of this version: ${applied.join(', ')}`;
  output.answer({ database: name, applied }, text);
  return EXIT.done;
};
