import { randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { inject } from 'vitest';
import type { DatabaseConfig } from '../../shared/db/database-settings.ts';
import { migrateDatabase } from '../../shared/db/migrate-database.ts';
import { repeatTransaction } from '../../shared/db/repeat-transaction.ts';
import { createLogger } from '../../shared/runtime/logger.ts';

type MariadbConfig = Extract<DatabaseConfig, { kind: 'mariadb' }>;

/** A schema of one test file's own on the cluster that all files share. */
export type TestSchema = {
  /** How to reach it on a node: 0, 1 or 2. */
  config(node?: number): MariadbConfig;
  /** Runs statements in it, on the first node, with all rights. */
  run(...statements: string[]): Promise<unknown[]>;
  /** Forgets all rows. */
  clear(): Promise<void>;
  drop(): Promise<void>;
};

const log = createLogger({ level: 'silent', name: 'test' });

const TABLES = ['jobs', 'events', 'workers', 'coordinators', 'task_classes', 'leader_leases', 'sweep_requests'];

/** Makes an empty schema; `migrated: false` leaves it without tables. */
export async function createTestSchema({ migrated = true } = {}): Promise<TestSchema> {
  const { ports, passwords } = inject('galera');
  const database = `ffmill_test_${randomUUID().replaceAll('-', '')}`;
  const account = { host: '127.0.0.1', user: 'migration', password: passwords.migration };
  const connect = (schema?: string, port = ports[0] ?? 0) =>
    createConnection({ ...account, port, ...(schema === undefined ? {} : { database: schema }) });
  async function run(...statements: string[]): Promise<unknown[]> {
    const connection = await connect(database);
    try {
      const results: unknown[] = [];
      for (const statement of statements) results.push((await connection.query(statement))[0]);
      return results;
    } finally {
      await connection.end();
    }
  }
  const first = await connect();
  await first.query(`create database ${database}`);
  await first.end();
  // A connection to a schema does not wait for the node to have it.
  for (const port of ports) {
    const node = await connect(undefined, port);
    await node.query('set statement wsrep_sync_wait = 1 for select 1 from information_schema.schemata limit 1');
    await node.end();
  }
  const schema: TestSchema = {
    config: (node = 0) => ({ kind: 'mariadb', ...account, port: ports[node] ?? 0, database, ca: null }),
    run,
    async clear() {
      const all = `begin not atomic ${TABLES.map((table) => `delete from ${table};`).join(' ')} end`;
      // Another node may still send what the test before has written.
      await repeatTransaction(() => run(all), { log });
    },
    async drop() {
      await run(`drop database ${database}`);
    },
  };
  if (migrated) await migrateDatabase(schema.config());
  return schema;
}
