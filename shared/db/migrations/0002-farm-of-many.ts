import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';
import type { Schema } from '../schema.ts';

/** What several coordinators, janitors and a broker need: the outbox, leader leases, sweeps on demand. */
export async function farmOfMany(db: Kysely<Schema>, types: ColumnTypes): Promise<void> {
  const { id, integer, name, json } = types;
  await db.schema
    .alterTable('events')
    .addColumn('published', integer, (column) => column.notNull().defaultTo(1))
    .execute();
  await db.schema.createIndex('events_to_publish').on('events').columns(['published', 'position']).execute();
  await db.schema.alterTable('task_classes').addColumn('needs', json).execute();
  await db.schema.alterTable('tasks').addColumn('progress_at', integer).execute();
  await db.schema.alterTable('log_lines').addColumn('line', integer).execute();
  await db.schema.createIndex('log_lines_once').unique().on('log_lines').columns(['attempt_id', 'line']).execute();
  await db.schema
    .createTable('leader_leases')
    .addColumn('name', name, (column) => column.primaryKey().notNull())
    .addColumn('holder', name, (column) => column.notNull())
    .addColumn('until_at', integer, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('sweep_requests')
    .addColumn('id', id, (column) => column.primaryKey().notNull())
    .addColumn('sweep', name)
    .addColumn('requested_at', integer, (column) => column.notNull())
    .addColumn('done_at', integer)
    .addColumn('result', json)
    .execute();
}
