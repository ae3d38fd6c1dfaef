import { afterEach, beforeEach, expect, test } from 'vitest';
import { findWorker } from '../../../shared/db/queries/find-worker.ts';
import { drainWorker } from '../../../shared/db/transactions/drain-worker.ts';
import { markWorkersOffline } from '../../../shared/db/transactions/mark-workers-offline.ts';
import { registerWorker } from '../../../shared/db/transactions/register-worker.ts';
import { resumeWorker } from '../../../shared/db/transactions/resume-worker.ts';
import { registerBody } from '../../../shared/wire/workers.ts';
import { TestFarm, type TestWorker } from '../../support/test-farm.ts';

let farm: TestFarm;
let worker: TestWorker;
beforeEach(async () => {
  farm = await TestFarm.open();
  worker = await farm.worker('a');
});
afterEach(() => farm.close());

const status = async () => (await findWorker(farm.store.db, worker.id))?.status;
const drain = () => drainWorker(farm.store, worker.id);
const resume = () => resumeWorker(farm.store, worker.id);
const quarantine = () =>
  farm.store.db.updateTable('workers').set({ status: 'quarantined' }).where('id', '=', worker.id).execute();

async function goOffline(): Promise<void> {
  farm.clock.advance(farm.rules.offlineMs + 1);
  await markWorkersOffline(farm.store, farm.rules);
}

async function eventsOfWorker(): Promise<string[]> {
  const rows = await farm.store.db.selectFrom('events').select('event').orderBy('position').execute();
  return rows.map(({ event }) => event);
}

test('a drain and its end are told once, however often they are asked for', async () => {
  await drain();
  await drain();
  await resume();
  await resume();
  expect(await eventsOfWorker()).toEqual(['worker.online', 'worker.draining', 'worker.online']);
});

test('an offline worker that is drained stays offline, and is draining when it is back', async () => {
  await goOffline();
  await drain();
  expect(await status()).toBe('offline');
  await farm.heartbeat(worker, []);
  expect(await status()).toBe('draining');
  expect(await farm.tryClaim(worker)).toBeNull();
});

test('an offline worker that is resumed stays offline, and takes work when it is back', async () => {
  await drain();
  await goOffline();
  await resume();
  expect(await status()).toBe('offline');
  await farm.submit();
  await farm.claim(worker);
  expect(await status()).toBe('online');
});

test('a worker in error stays that, drained and resumed', async () => {
  await farm.heartbeat(worker, [], 0, 'error');
  await drain();
  expect(await status()).toBe('error');
  await resume();
  expect(await status()).toBe('error');
});

test('a drain does not end a quarantine; to resume ends both', async () => {
  await quarantine();
  await drain();
  await farm.heartbeat(worker, []);
  expect(await status()).toBe('quarantined');
  await resume();
  await farm.submit();
  await farm.claim(worker);
  expect(await status()).toBe('online');
});

test('a worker is given classes to consume only while it takes work', async () => {
  await farm.submit();
  const classes = async (reported: 'online' | 'error' = 'online') =>
    (await farm.heartbeat(worker, [], 0, reported)).subscriptions.classes;
  const all = await classes();
  expect(all).not.toEqual([]);
  expect(await classes('error')).toEqual([]);
  expect(await classes()).toEqual(all);
  await drain();
  expect(await classes()).toEqual([]);
  await resume();
  expect(await classes()).toEqual(all);
  await quarantine();
  expect(await classes()).toEqual([]);
});

test('a quarantined worker that registers again is given no classes to consume', async () => {
  await farm.submit();
  await quarantine();
  const row = await findWorker(farm.store.db, worker.id);
  const body = registerBody.parse({ ...JSON.parse(row?.registration ?? ''), instance_id: worker.instance });
  const { subscriptions } = await registerWorker(farm.store, { body, rules: farm.rules });
  expect(subscriptions.classes).toEqual([]);
});

test('a quarantined worker that has gone meanwhile shows as offline soon after it is resumed', async () => {
  await quarantine();
  await goOffline();
  expect(await status()).toBe('quarantined');
  await resume();
  await markWorkersOffline(farm.store, farm.rules);
  expect(await status()).toBe('offline');
});
