import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type Coordinator, startCoordinator } from '../../../services/coordinator/start.ts';
import type { Store } from '../../../shared/db/store.ts';
import { AppError } from '../../../shared/errors.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeBroker } from '../../support/fake-broker.ts';
import { recordLog } from '../../support/record-log.ts';
import { TestCoordinator } from '../../support/test-coordinator.ts';
import { TestFarm } from '../../support/test-farm.ts';

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

/** A database that can be taken away. */
function fragile(reason = 'connection refused') {
  const state = { away: true };
  const refuse = () => Promise.reject(new AppError('unavailable', reason));
  const store: Store = {
    ...farm.store,
    check: () => (state.away ? refuse() : farm.store.check()),
    transaction: (work, first) => (state.away ? refuse() : farm.store.transaction(work, first)),
  };
  return { store, state };
}

async function start(store: Store, broker?: FakeBroker): Promise<Coordinator> {
  const { log } = recordLog();
  const config = { host: '127.0.0.1', port: 0 };
  const coordinator = await startCoordinator(config, { store, broker: broker?.connect(), log, rules: farm.rules });
  onTestFinished(() => coordinator.stop());
  return coordinator;
}

test('with database and broker away it lives, says what is missing, and refuses with the advice to come back', async () => {
  const { store, state } = fragile();
  const broker = new FakeBroker();
  broker.state = 'down';
  const { url } = await start(store, broker);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect((await fetch(`${url}/metrics`)).status).toBe(200);
  const ready = await fetch(`${url}/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ detail: 'connection refused; the broker is down' });
  const jobs = await fetch(`${url}/v1/jobs`);
  expect([jobs.status, jobs.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await jobs.json()).toMatchObject({ code: 'unavailable', detail: 'connection refused' });
  state.away = false;
  await eventually(async () => expect((await fetch(`${url}/v1/jobs`)).status).toBe(200));
  expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: 'ready', degraded: ['the broker is down'] });
});

test('a database that goes away later is told of, and what was under way there is refused', async () => {
  const { store, state } = fragile('the writer is gone');
  state.away = false;
  const { url } = await start(store);
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  state.away = true;
  expect(await (await fetch(`${url}/ready`)).json()).toMatchObject({
    detail: 'the database cannot be written: the writer is gone',
  });
  const headers = { 'content-type': 'application/json', 'x-request-id': 'from-the-proxy' };
  const body = JSON.stringify({ input: '/in.mkv', output: '/out.mp4' });
  const refused = await fetch(`${url}/v1/jobs`, { method: 'POST', headers, body });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(refused.headers.get('x-request-id')).toBe('from-the-proxy');
});

test('a look that the driver gave up is no defect of ours', async () => {
  const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  const db = new Proxy(farm.store.db, {
    get: (target, name, receiver) => {
      if (name === 'selectFrom') throw lost;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  const { url } = await start({ ...farm.store, db });
  expect((await fetch(`${url}/v1/jobs`)).status).toBe(503);
});

test('a balancer hears within seconds that a database hangs', async () => {
  const { store, state } = fragile();
  state.away = false;
  const { url } = await start({
    ...store,
    transaction: (work, first) => (state.away ? new Promise(() => {}) : store.transaction(work, first)),
  });
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  state.away = true;
  const begun = performance.now();
  expect((await fetch(`${url}/ready`)).status).toBe(503);
  expect(performance.now() - begun).toBeLessThan(3500);
  state.away = false;
});

test('a database that a newer ffmill migrated is refused at the start', async () => {
  const store = { ...farm.store, check: () => Promise.reject(new AppError('schema_newer', 'newer')) };
  await expect(start(store)).rejects.toMatchObject({ code: 'schema_newer' });
});

test('one that becomes newer while it was away ends the coordinator', async () => {
  const { store, state } = fragile();
  const { log } = recordLog();
  const fatal = Promise.withResolvers<unknown>();
  const dependencies = { store, log, rules: farm.rules, onFatal: fatal.resolve };
  const coordinator = await startCoordinator({ host: '127.0.0.1', port: 0 }, dependencies);
  onTestFinished(() => coordinator.stop());
  Object.assign(store, { check: () => Promise.reject(new AppError('schema_newer', 'newer')) });
  state.away = false;
  expect(await fatal.promise).toMatchObject({ code: 'schema_newer' });
});

test('an end in order: not ready first, everything served meanwhile, then the door is closed', async () => {
  const api = await TestCoordinator.startOn(await TestFarm.open(), undefined, 400);
  const worker = await api.farm.worker('w');
  const body = JSON.stringify({ claim_id: newId<AttemptId>(), instance_id: worker.instance, wait_seconds: 30 });
  const headers = { 'content-type': 'application/json' };
  const waiting = api.fetch(`/v1/workers/${worker.id}/claim`, { method: 'POST', headers, body });
  await api.fetch('/health');
  const stopped = api.stop();
  const ready = await api.fetch('/ready');
  expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
  expect((await api.submit()).state).toBe('pending');
  // The claim that waited got that job; one that still waits at the end is told that there is none.
  expect((await waiting).status).toBe(200);
  await stopped;
  const refused = connect(api.coordinator.port, '127.0.0.1');
  await expect(once(refused, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
