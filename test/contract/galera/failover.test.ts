import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { migrateDatabase } from '../../../shared/db/migrate-database.ts';
import { openMariadb } from '../../../shared/db/open-mariadb.ts';
import type { Store } from '../../../shared/db/store.ts';
import { submitJobs } from '../../../shared/db/transactions/submit-jobs.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { type Galera, startGalera } from '../../support/containers/start-galera.ts';
import { eventually } from '../../support/eventually.ts';
import { type MariadbProxy, startMariadbProxy } from '../../support/mariadb-proxy.ts';
import { testRequest } from '../../support/test-farm.ts';

const log = createLogger({ level: 'silent', name: 'test' });

let galera: Galera;
let proxy: MariadbProxy;
let stores: readonly [Store, Store];
beforeAll(async () => {
  galera = await startGalera({ nodes: 3 });
  const { ports, passwords } = galera.addresses;
  proxy = await startMariadbProxy(ports);
  const account = { kind: 'mariadb', host: '127.0.0.1', database: 'ffmill', ca: null } as const;
  await migrateDatabase({ ...account, port: proxy.port, user: 'migration', password: passwords.migration });
  const config = { ...account, port: proxy.port, user: 'coordinator', password: passwords.coordinator };
  stores = [openMariadb(config, { log, outbox: false }), openMariadb(config, { log, outbox: false })];
}, 150_000);
afterEach(async () => {
  await Promise.all(galera.nodes.map((node) => node.start()));
  await galera.ready();
  await stores[0].transaction((tx) => tx.db.deleteFrom('jobs').execute());
}, 120_000);
afterAll(async () => {
  for (const store of stores) await store.close();
  await proxy.close();
  await galera.stop();
}, 60_000);

test('killing the writer under load loses no job, doubles none and fails no submission', async () => {
  const acknowledged = new Map<string, JobId>();
  let stop = false;
  let longestMs = 0;
  async function client(name: number): Promise<void> {
    for (let count = 0; !stop; count += 1) {
      const key = `${name}-${count}`;
      const begun = performance.now();
      const [job] = await submitJobs(stores[name % 2] as Store, [{ request: testRequest(), idempotencyKey: key }]);
      longestMs = Math.max(longestMs, performance.now() - begun);
      if (job) acknowledged.set(key, job.id);
    }
  }
  const clients = Promise.all(Array.from({ length: 8 }, (_, name) => client(name)));
  const reached = (count: number) =>
    eventually(() => {
      if (acknowledged.size < count) throw new Error(`${acknowledged.size} submissions so far`);
    }, 30_000);
  await reached(100);
  await galera.nodes[0]?.kill();
  await reached(acknowledged.size + 100);
  stop = true;
  await clients;
  const rows = await stores[0].db.selectFrom('jobs').select(['id', 'idempotency_key']).execute();
  expect(new Map(rows.map((row) => [row.idempotency_key, row.id]))).toEqual(acknowledged);
  expect(rows).toHaveLength(acknowledged.size);
  // The node is left behind after 4 s; a submission waits for that instead of failing.
  expect(longestMs).toBeLessThan(14_000);
});

test('two hundred retries of one submission during a failover make one job', async () => {
  const submission = { request: testRequest(), idempotencyKey: 'key' };
  const submit = (index: number) => submitJobs(stores[index % 2] as Store, [submission]);
  const retries = Promise.all(Array.from({ length: 200 }, (_, index) => submit(index)));
  await galera.nodes[0]?.kill();
  expect(new Set((await retries).flat().map(({ id }) => id)).size).toBe(1);
  expect(await stores[1].db.selectFrom('jobs').select('id').execute()).toHaveLength(1);
});

test('a cluster without a majority refuses clearly, and is used again when it is back', async () => {
  await submitJobs(stores[0], [{ request: testRequest(), idempotencyKey: null }]);
  await Promise.all([galera.nodes[1]?.kill(), galera.nodes[2]?.kill()]);
  await eventually(() => expect(stores[0].check()).rejects.toMatchObject({ code: 'unavailable' }), 20_000);
  const refused = submitJobs(stores[0], [{ request: testRequest(), idempotencyKey: null }]);
  await expect(refused).rejects.toMatchObject({ code: 'unavailable' });
  await Promise.all([galera.nodes[1]?.start(), galera.nodes[2]?.start()]);
  await galera.ready();
  const [job] = await submitJobs(stores[0], [{ request: testRequest(), idempotencyKey: null }]);
  expect(job?.created).toBe(true);
}, 180_000);
