import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { afterEach, describe, expect, inject, test } from 'vitest';
import type { DatabaseConfig } from '../../../shared/db/database-settings.ts';
import { migrateDatabase } from '../../../shared/db/migrate-database.ts';
import { openStore } from '../../../shared/db/open-store.ts';
import { submitJobs } from '../../../shared/db/transactions/submit-jobs.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { freePorts } from '../../support/containers/free-ports.ts';
import { eventually } from '../../support/eventually.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { testRequest } from '../../support/test-farm.ts';
import { createTestSchema, type TestSchema } from '../../support/test-schema.ts';

const log = createLogger({ level: 'silent', name: 'test' });

let schema: TestSchema;
afterEach(() => schema.drop());

async function check(config: DatabaseConfig) {
  const store = await openStore(config, { log, outbox: false });
  try {
    return await store.check();
  } finally {
    await store.close();
  }
}

const ALL = ['0001-first-tables', '0002-farm-of-many', '0003-settled-logs', '0004-second-plans', '0005-waiting-tasks'];

test('a database without tables says what has to be run, and is right afterwards', async () => {
  schema = await createTestSchema({ migrated: false });
  await expect(check(schema.config())).rejects.toMatchObject({
    code: 'unavailable',
    message: `the database lacks ${ALL.join(', ')}: run \`ffmill migrate\``,
  });
  expect(await migrateDatabase(schema.config())).toEqual(ALL);
  await expect(check(schema.config())).resolves.toBeUndefined();
  expect(await migrateDatabase(schema.config())).toEqual([]);
});

test('of two migrations at once on two nodes, one does the work and both succeed', async () => {
  schema = await createTestSchema({ migrated: false });
  const applied = await Promise.all([migrateDatabase(schema.config(0)), migrateDatabase(schema.config(1))]);
  expect(applied.flat().sort()).toEqual(ALL);
});

test('a migration that was killed half-way goes on when it is run again', async () => {
  schema = await createTestSchema();
  // What a kill before the last statement of 0002 leaves: everything but one table and the note.
  await schema.run('drop table sweep_requests', "delete from kysely_migration where name > '0001-first-tables'");
  await schema.run('update kysely_migration_lock set is_locked = unix_timestamp() div 60 - 1');
  expect(await migrateDatabase(schema.config())).toEqual(ALL.slice(1));
  expect(await schema.run('select * from sweep_requests')).toEqual([[]]);
});

test('a database that a newer version has migrated is refused', async () => {
  schema = await createTestSchema();
  await schema.run("insert into kysely_migration values ('0999-of-the-future', '2040-01-01T00:00:00.000Z')");
  await expect(check(schema.config())).rejects.toMatchObject({ code: 'schema_newer' });
  await expect(migrateDatabase(schema.config())).rejects.toMatchObject({ code: 'schema_newer' });
});

test('a database that is down or refuses the account says which, without the password', async () => {
  schema = await createTestSchema({ migrated: false });
  const config = { ...schema.config(), password: 'not-the-password' };
  await expect(check({ ...config, port: 1 })).rejects.toThrow(/cannot be reached: .*ECONNREFUSED/);
  const refused = await check(config).catch((error: Error) => error.message);
  expect(refused).toMatch(/Access denied/);
  expect(refused).not.toContain(config.password);
});

test('an account without the right to change tables does all that a coordinator does', async () => {
  schema = await createTestSchema({ migrated: false });
  const { ports, passwords } = inject('galera');
  const ffmill = { ...schema.config(), database: 'ffmill' };
  await migrateDatabase(ffmill);
  const coordinator = { ...ffmill, user: 'coordinator', password: passwords.coordinator, port: ports[0] ?? 0 };
  await expect(check(coordinator)).resolves.toBeUndefined();
  const store = await openStore(coordinator, { log, outbox: true });
  const [job] = await submitJobs(store, [{ request: testRequest(), idempotencyKey: null }]);
  const unpublished = await store.db
    .selectFrom('events')
    .select('published')
    .where('job_id', '=', job?.id ?? null)
    .execute();
  expect(unpublished).toEqual([{ published: 0 }, { published: 0 }]);
  await expect(store.db.schema.dropTable('jobs').execute()).rejects.toThrow(/denied/);
  await store.close();
});

test('names of any script, megabytes of JSON and long paths come back as they were', async () => {
  schema = await createTestSchema();
  const store = await openStore(schema.config(), { log, outbox: false });
  const request = testRequest({
    input: `/media/${'ж'.repeat(2000)}.mp4`,
    output: `/media/𝄞 é é \u0000 ${'名'.repeat(1000)} .mp4`,
    labels: ['🎬', 'z'.repeat(3_000_000)],
  });
  const [job] = await submitJobs(store, [{ request, idempotencyKey: `${'k'.repeat(254)} ` }]);
  const row = await store.db
    .selectFrom('jobs')
    .selectAll()
    .where('id', '=', job?.id as never)
    .executeTakeFirstOrThrow();
  expect(JSON.parse(row.request)).toEqual(request);
  expect([row.input, row.output]).toEqual([request.input, request.output]);
  expect(row).toEqual({ ...job?.job });
  // Neither case, accents nor trailing blanks make two keys one.
  const others = ['k'.repeat(254), `${'K'.repeat(254)} `].map((idempotencyKey) => ({
    request: testRequest(),
    idempotencyKey,
  }));
  expect((await submitJobs(store, others)).map(({ created }) => created)).toEqual([true, true]);
  await store.close();
});

test('the clock is that of the database, and an update that changes nothing has found its row', async () => {
  schema = await createTestSchema();
  const store = await openStore(schema.config(), { log, outbox: false });
  expect(Math.abs((await store.now()) - Date.now())).toBeLessThan(2_000);
  const changed = await store.transaction(async (tx) => {
    expect(Math.abs(tx.now - Date.now())).toBeLessThan(2_000);
    await tx.db.insertInto('task_classes').values({ name: 'any', needs: null }).execute();
    return tx.db.updateTable('task_classes').set({ needs: null }).where('name', '=', 'any').executeTakeFirst();
  });
  expect(changed.numUpdatedRows).toBe(1n);
  await store.close();
});

describe('with certificates', () => {
  test('only a server whose certificate comes from the named authority is spoken to', async () => {
    schema = await createTestSchema({ migrated: false });
    const folder = await temporaryFolder();
    const ca = await makeCertificates(folder);
    const [port = 0] = await freePorts(1);
    const id = await startTlsServer(folder, port);
    try {
      const config = {
        ...schema.config(),
        host: 'localhost',
        port,
        user: 'tls',
        password: 'tls',
        database: 'ffmill',
        ca,
      };
      await eventually(() => migrateDatabase(config), 60_000);
      await expect(check(config)).resolves.toBeUndefined();
      await expect(check({ ...config, ca: null })).rejects.toThrow();
      const other = await makeCertificates(await temporaryFolder());
      await expect(check({ ...config, ca: other })).rejects.toThrow(/certificate|self.signed/i);
    } finally {
      await execa('docker', ['rm', '--force', '--volumes', id]);
    }
  });
});

/** An authority, and a certificate of it for `localhost`. Returns the authority's. */
async function makeCertificates(folder: string): Promise<string> {
  const openssl = (...args: string[]) => execa('openssl', args, { cwd: folder });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '2'];
  await openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    `/CN=authority of ${basename(folder)}`,
  );
  const server = ['-keyout', 'server.key', '-out', 'server.pem', '-subj', '/CN=localhost'];
  const names = ['-addext', 'subjectAltName=DNS:localhost', '-addext', 'basicConstraints=CA:FALSE'];
  await openssl('req', '-x509', '-CA', 'ca.pem', '-CAkey', 'ca.key', ...key, ...server, ...names);
  await execa('chmod', ['-R', 'a+rX', folder]);
  return readFile(join(folder, 'ca.pem'), 'utf8');
}

/** A single MariaDB that takes encrypted connections alone. Its container's id. */
async function startTlsServer(folder: string, port: number): Promise<string> {
  const files = '--ssl-cert=/tls/server.pem --ssl-key=/tls/server.key';
  const script = `
    mkdir -p /tmp/data && mariadb-install-db --no-defaults --datadir=/tmp/data --skip-test-db >/dev/null
    printf "%s\\n" "create database ffmill;" "create user tls identified by 'tls' require ssl;" "grant all on ffmill.* to tls;" > /tmp/init
    exec mariadbd --no-defaults --datadir=/tmp/data --socket=/tmp/sock --bind-address=0.0.0.0 --init-file=/tmp/init ${files}`;
  const publish = ['--publish', `127.0.0.1:${port}:3306`, '--volume', `${folder}:/tls:ro`];
  const { stdout } = await execa('docker', [
    'run',
    '--detach',
    ...publish,
    '--entrypoint',
    'sh',
    'ffmill/galera',
    '-c',
    script,
  ]);
  return stdout.trim();
}
