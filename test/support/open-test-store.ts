import { afterAll } from 'vitest';
import { openMariadb } from '../../shared/db/open-mariadb.ts';
import { openSqlite } from '../../shared/db/open-sqlite.ts';
import type { Store } from '../../shared/db/store.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import { createTestSchema, type TestSchema } from './test-schema.ts';

/** Set by the vitest project `galera`: its tests run on a cluster instead of SQLite. */
export const onGalera = process.env.FFMILL_TEST_STORE === 'galera';

const log = createLogger({ level: 'silent', name: 'test' });

let schema: Promise<TestSchema> | undefined;
afterAll(async () => (await schema)?.drop());

/** The schema of this test file. */
export function testSchema(): Promise<TestSchema> {
  schema ??= createTestSchema();
  return schema;
}

/** A store of the database that this run is about: empty, but for a SQLite file that is there. */
export async function openTestStore(
  clock: Clock,
  { file = ':memory:', outbox = false }: { readonly file?: string; readonly outbox?: boolean } = {},
): Promise<Store> {
  if (!onGalera) return openSqlite(file, clock, { outbox });
  await (await testSchema()).clear();
  return openOnNode(0, { clock, outbox });
}

type NodeOptions = { readonly clock?: Clock; readonly outbox?: boolean };

/** The file's schema through one node of the cluster, as it is. Without a clock the database's own counts. */
export async function openOnNode(node: number, { clock, outbox = false }: NodeOptions = {}): Promise<Store> {
  const config = (await testSchema()).config(node);
  return openMariadb(config, { log, outbox, ...(clock === undefined ? {} : { clock }) });
}
