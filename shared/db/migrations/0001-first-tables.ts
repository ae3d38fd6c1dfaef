import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../column-types.ts';
import type { Schema } from '../schema.ts';

/** Jobs, tasks, attempts, workers, coordinators, classes, events, logs. What the columns mean: `schema.ts`. */
export async function firstTables(db: Kysely<Schema>, types: ColumnTypes): Promise<void> {
  await createJobs(db, types);
  await createTasks(db, types);
  await createAttempts(db, types);
  await createWorkers(db, types);
  await createEvents(db, types);
  await createLogLines(db, types);
}

async function createJobs(db: Kysely<Schema>, { id, counter, integer, name, path, json }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('jobs')
    .addColumn('number', counter, (column) => column.primaryKey().autoIncrement())
    .addColumn('id', id, (column) => column.notNull().unique())
    .addColumn('state', name, (column) => column.notNull())
    .addColumn('stage', name, (column) => column.notNull())
    .addColumn('priority', integer, (column) => column.notNull())
    .addColumn('request', json, (column) => column.notNull())
    .addColumn('labels', json, (column) => column.notNull())
    .addColumn('input', path, (column) => column.notNull())
    .addColumn('output', path, (column) => column.notNull())
    .addColumn('output_reservation', name, (column) => column.unique())
    .addColumn('idempotency_key', name, (column) => column.unique())
    .addColumn('request_hash', name, (column) => column.notNull())
    .addColumn('open_tasks', integer, (column) => column.notNull())
    .addColumn('total_tasks', integer, (column) => column.notNull())
    .addColumn('completed_tasks', integer, (column) => column.notNull())
    .addColumn('event_seq', integer, (column) => column.notNull())
    .addColumn('version', integer, (column) => column.notNull())
    .addColumn('winner', id)
    .addColumn('probe', json)
    .addColumn('unsplit_reason', name)
    .addColumn('whole', integer, (column) => column.notNull())
    .addColumn('error', json)
    .addColumn('result', json)
    .addColumn('created_at', integer, (column) => column.notNull())
    .addColumn('started_at', integer)
    .addColumn('finished_at', integer)
    .addColumn('canceled_at', integer)
    .execute();
  await db.schema.createIndex('jobs_by_state').on('jobs').columns(['state', 'number']).execute();
  await db.schema.createIndex('jobs_by_finish').on('jobs').columns(['finished_at']).execute();
}

async function createTasks(db: Kysely<Schema>, { id, integer, real, name, json }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('tasks')
    .addColumn('id', id, (column) => column.primaryKey().notNull())
    .addColumn('job_id', id, (column) => column.notNull().references('jobs.id').onDelete('cascade'))
    .addColumn('kind', name, (column) => column.notNull())
    .addColumn('ordinal', integer, (column) => column.notNull())
    .addColumn('state', name, (column) => column.notNull())
    .addColumn('class', name, (column) => column.notNull())
    .addColumn('priority', integer, (column) => column.notNull())
    .addColumn('job_number', integer, (column) => column.notNull())
    .addColumn('weight', real, (column) => column.notNull())
    .addColumn('spec', json, (column) => column.notNull())
    .addColumn('token', id)
    .addColumn('worker_id', id)
    .addColumn('attempt', integer, (column) => column.notNull())
    .addColumn('lease_until', integer)
    .addColumn('not_before', integer)
    .addColumn('claimed_at', integer)
    .addColumn('deadline_at', integer)
    .addColumn('timeout_ms', integer, (column) => column.notNull())
    .addColumn('failures', integer, (column) => column.notNull())
    .addColumn('interruptions', integer, (column) => column.notNull())
    .addColumn('avoid_worker', id)
    .addColumn('avoid_until', integer)
    .addColumn('wanted_worker', id)
    .addColumn('progress', real, (column) => column.notNull())
    .addColumn('fps', real)
    .addColumn('speed', real)
    .addColumn('winner', id)
    .addColumn('published', json)
    .addColumn('committed_at', integer)
    .addColumn('offered', integer, (column) => column.notNull())
    .addColumn('result', json)
    .addColumn('error', json)
    .addColumn('pending_at', integer)
    .addColumn('finished_at', integer)
    .addUniqueConstraint('tasks_once', ['job_id', 'kind', 'ordinal'])
    .execute();
  // The order in which a claim looks: one range of this index, read from its beginning.
  await sql`create index if not exists tasks_to_claim on tasks (state, class, priority desc, job_number, weight desc, ordinal)`.execute(
    db,
  );
  await db.schema.createIndex('tasks_by_lease').on('tasks').columns(['state', 'lease_until']).execute();
  await db.schema.createIndex('tasks_offered').on('tasks').columns(['offered', 'job_number']).execute();
  await db.schema.createIndex('tasks_by_worker').on('tasks').columns(['worker_id', 'state']).execute();
}

async function createAttempts(db: Kysely<Schema>, { id, integer, name, json, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('attempts')
    .addColumn('id', id, (column) => column.primaryKey().notNull())
    .addColumn('task_id', id, (column) => column.notNull().references('tasks.id').onDelete('cascade'))
    .addColumn('job_id', id, (column) => column.notNull())
    .addColumn('number', integer, (column) => column.notNull())
    .addColumn('worker_id', id, (column) => column.notNull())
    .addColumn('instance_id', id, (column) => column.notNull())
    .addColumn('settles', id)
    .addColumn('started_at', integer, (column) => column.notNull())
    .addColumn('ended_at', integer)
    .addColumn('outcome', name)
    .addColumn('error', json)
    .addColumn('command', text)
    .addColumn('metrics', json)
    .execute();
  await db.schema.createIndex('attempts_by_job').on('attempts').columns(['job_id', 'task_id', 'number']).execute();
  await db.schema.createIndex('attempts_by_task').on('attempts').columns(['task_id']).execute();
}

async function createWorkers(db: Kysely<Schema>, { id, integer, real, name, json }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('workers')
    .addColumn('id', id, (column) => column.primaryKey().notNull())
    .addColumn('name', name, (column) => column.notNull().unique())
    .addColumn('instance_id', id, (column) => column.notNull())
    .addColumn('status', name, (column) => column.notNull())
    .addColumn('drain', integer, (column) => column.notNull())
    .addColumn('registration', json, (column) => column.notNull())
    .addColumn('load', real, (column) => column.notNull())
    .addColumn('last_heartbeat_at', integer, (column) => column.notNull())
    .addColumn('interruptions', integer, (column) => column.notNull())
    .addColumn('last_interrupted_task', id)
    .addColumn('last_interrupted_at', integer)
    .addColumn('registered_at', integer, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('coordinators')
    .addColumn('id', id, (column) => column.primaryKey().notNull())
    .addColumn('since_at', integer, (column) => column.notNull())
    .addColumn('seen_at', integer, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('task_classes')
    .addColumn('name', name, (column) => column.primaryKey().notNull())
    .execute();
}

async function createEvents(db: Kysely<Schema>, { id, counter, integer, name, json }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('events')
    .addColumn('position', counter, (column) => column.primaryKey().autoIncrement())
    .addColumn('id', id, (column) => column.notNull().unique())
    .addColumn('job_id', id, (column) => column.references('jobs.id').onDelete('cascade'))
    .addColumn('seq', integer, (column) => column.notNull())
    .addColumn('event', name, (column) => column.notNull())
    .addColumn('task_id', id)
    .addColumn('worker_id', id)
    .addColumn('attempt', integer)
    .addColumn('at', integer, (column) => column.notNull())
    .addColumn('data', json, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('events_by_job').on('events').columns(['job_id', 'seq']).execute();
}

async function createLogLines(db: Kysely<Schema>, { id, counter, integer, name, text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('log_lines')
    .addColumn('seq', counter, (column) => column.primaryKey().autoIncrement())
    .addColumn('job_id', id, (column) => column.notNull().references('jobs.id').onDelete('cascade'))
    .addColumn('task_id', id, (column) => column.notNull())
    .addColumn('attempt_id', id, (column) => column.notNull())
    .addColumn('stream', name, (column) => column.notNull())
    .addColumn('text', text, (column) => column.notNull())
    .addColumn('at', integer, (column) => column.notNull())
    .execute();
  await db.schema.createIndex('log_lines_by_job').on('log_lines').columns(['job_id', 'seq']).execute();
}
