import { afterEach, beforeEach, expect, test } from 'vitest';
import { openMariadb } from '../../../shared/db/open-mariadb.ts';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import { registerWorker } from '../../../shared/db/transactions/register-worker.ts';
import { submitJobs } from '../../../shared/db/transactions/submit-jobs.ts';
import { type AttemptId, type InstanceId, newId } from '../../../shared/job/ids.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { registerBody } from '../../../shared/wire/workers.ts';
import { type MariadbProxy, startMariadbProxy } from '../../support/mariadb-proxy.ts';
import { testSchema } from '../../support/open-test-store.ts';
import { TestFarm, testRequest } from '../../support/test-farm.ts';

// PROTOCOL A2: the connection breaks during COMMIT, which had worked. Each verb says what it would have said.

let direct: TestFarm;
let farm: TestFarm;
let proxy: MariadbProxy;
beforeEach(async () => {
  direct = await TestFarm.open();
  const config = (await testSchema()).config();
  proxy = await startMariadbProxy([config.port]);
  const log = createLogger({ level: 'silent', name: 'test' });
  const store = openMariadb({ ...config, port: proxy.port }, { log, outbox: false, clock: direct.clock });
  farm = new TestFarm(store, direct.clock, direct.rules);
});
afterEach(async () => {
  await farm.close();
  await proxy.close();
  await direct.close();
});

async function losing<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  const before = proxy.lost();
  proxy.loseNextCommit();
  const repeated = farm.store.repetitions.connection ?? 0;
  const answer = await call();
  expect(proxy.lost()).toBe(before + 1);
  expect(farm.store.repetitions.connection).toBeGreaterThan(repeated);
  return answer;
}

test.each([null, 'key'])('a submission with the key %s makes one job', async (idempotencyKey) => {
  const [job] = await losing(() => submitJobs(farm.store, [{ request: testRequest(), idempotencyKey }]));
  expect(job?.created).toBe(true);
  expect(await direct.store.db.selectFrom('jobs').select('id').execute()).toEqual([{ id: job?.id }]);
  expect(await direct.store.db.selectFrom('tasks').select('id').execute()).toHaveLength(1);
});

test('registering makes one worker, and says that it is new', async () => {
  const capabilities = { ffmpeg_version: '7.1', encoders: {}, proving: false };
  const body = registerBody.parse({ name: 'w', instance_id: newId<InstanceId>(), cpu_threads: 2, capabilities });
  const { id, created } = await losing(() => registerWorker(farm.store, { body, rules: farm.rules }));
  expect(created).toBe(true);
  expect(await direct.store.db.selectFrom('workers').select('id').execute()).toEqual([{ id }]);
});

test('a claim asked again gives the task that it had been given', async () => {
  const worker = await farm.worker('w');
  await farm.submit();
  await farm.heartbeat(worker, []);
  const claimId = newId<AttemptId>();
  expect(await losing(() => farm.claimUnheard(worker, claimId))).toMatchObject({
    task: { token: claimId, attempt: 1 },
  });
  expect(await farm.claimUnheard(worker, claimId)).toMatchObject({ task: { token: claimId, attempt: 1 } });
});

test('report, commit and publication are recorded once each', async () => {
  const worker = await farm.worker('w');
  const id = await farm.submit({ segment: { mode: 'off' } });
  const probe = await farm.claim(worker);
  expect(await losing(() => farm.done(probe))).toBe('recorded');
  const task = await farm.claim(worker);
  expect(await losing(() => farm.heartbeat(worker, [task]))).toMatchObject({ lost: [], cancel: [] });
  expect(await losing(() => farm.commit(task))).toBe('committed');
  expect(await losing(() => farm.report(task, { outcome: 'done' }))).toBe('recorded');
  expect(await direct.job(id)).toMatchObject({ state: 'completed', completed_tasks: 2, winner: task.token });
  const events = await direct.events(id);
  expect(events.filter((event) => event === 'task.completed')).toHaveLength(2);
});

test('a retry is charged once, and a cancel stays one', async () => {
  const worker = await farm.worker('w');
  const id = await farm.submit();
  const probe = await farm.claim(worker);
  expect(await losing(() => farm.fails(probe, 'ffmpeg_failed'))).toBe('recorded');
  expect(await direct.task(probe)).toMatchObject({ state: 'pending', failures: 1 });
  await losing(() => cancelJob(farm.store, id));
  expect((await direct.events(id)).filter((event) => event === 'job.canceled')).toHaveLength(1);
});

test('a connection that breaks while nothing is asked of it is replaced', async () => {
  await farm.submit();
  const schema = await testSchema();
  const sleepers =
    "select id from information_schema.processlist where user = 'migration' and command = 'Sleep' and db = database()";
  const [rows] = (await schema.run(sleepers)) as { id: number }[][];
  for (const { id } of rows ?? []) await schema.run(`kill ${id}`).catch(() => undefined);
  await farm.submit();
  expect(await farm.store.db.selectFrom('jobs').select('id').execute()).toHaveLength(2);
});
