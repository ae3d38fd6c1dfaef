import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';
import type { Schema } from '../schema.ts';

/** When a line was kept, which tells up to where a log has no gaps any more. */
export async function settledLogs(db: Kysely<Schema>, { integer }: ColumnTypes): Promise<void> {
  await db.schema.alterTable('log_lines').addColumn('kept_at', integer).execute();
}
