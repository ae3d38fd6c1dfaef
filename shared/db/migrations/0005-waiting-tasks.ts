import { type Kysely, sql } from 'kysely';
import { COLUMN_TYPES, type ColumnTypes } from '../column-types.ts';
import type { Schema } from '../schema.ts';

/**
 * The order in which a claim looks, with the moment from which on: what is counted of waiting tasks each second is read
 * from the index alone, however many wait.
 */
export async function waitingTasks(db: Kysely<Schema>, types: ColumnTypes): Promise<void> {
  await sql`create index if not exists tasks_by_urgency
    on tasks (state, class, priority desc, job_number, weight desc, ordinal, not_before)`.execute(db);
  const former = db.schema.dropIndex('tasks_to_claim').ifExists();
  // An index of SQLite has a name of its own, one of MariaDB belongs to its table.
  await (types === COLUMN_TYPES.mariadb ? former.on('tasks') : former).execute();
}
