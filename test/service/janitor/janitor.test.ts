import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { awaitSweep } from '../../../services/coordinator/http/await-sweep.ts';
import { createPass } from '../../../services/janitor/pass.ts';
import { startJanitor } from '../../../services/janitor/start.ts';
import { findLeader } from '../../../shared/db/queries/find-leader.ts';
import type { Store } from '../../../shared/db/store.ts';
import { requestSweep } from '../../../shared/db/transactions/request-sweep.ts';
import { giveUpLeaderLease, takeLeaderLease } from '../../../shared/db/transactions/take-leader-lease.ts';
import { AppError } from '../../../shared/errors.ts';
import { JANITOR_LEAD, SWEEP_NAMES, type SweepAnswer } from '../../../shared/wire/sweeps.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeBroker } from '../../support/fake-broker.ts';
import { recordLog } from '../../support/record-log.ts';
import { TestCoordinator } from '../../support/test-coordinator.ts';
import { TestFarm } from '../../support/test-farm.ts';

const CONFIG = { sweepMs: 20, retentionMs: 1_000_000_000 };

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

const leader = async () => findLeader(farm.store.db, JANITOR_LEAD, await farm.store.now());
const bid = (holder: string) => takeLeaderLease(farm.store, { name: 'x', holder, forMs: 5000 });

async function janitor(store: Store = farm.store, broker?: FakeBroker) {
  const { log, entries } = recordLog();
  const started = await startJanitor(CONFIG, { store, broker: broker?.connect(), log, rules: farm.rules });
  onTestFinished(() => started.stop());
  return { ...started, entries };
}

test('one leads until its lease runs out or is given up', async () => {
  expect([await bid('a'), await bid('b'), await bid('a')]).toEqual([true, false, true]);
  farm.clock.advance(4999);
  expect(await bid('b')).toBe(false);
  farm.clock.advance(1);
  expect([await bid('b'), await bid('a')]).toEqual([true, false]);
  await giveUpLeaderLease(farm.store, { name: 'x', holder: 'a' });
  expect(await bid('a')).toBe(false);
  await giveUpLeaderLease(farm.store, { name: 'x', holder: 'b' });
  expect(await bid('a')).toBe(true);
});

test('of two janitors one sweeps, and the other takes over at once when that one stops', async () => {
  const first = await janitor();
  const holder = await eventually(async () => (await leader()) ?? expect.fail());
  await janitor();
  await first.stop();
  await eventually(async () => expect([undefined, holder]).not.toContain(await leader()));
});

test('two that sweep at once repair everything once', async () => {
  const worker = await farm.worker('w');
  const id = await farm.submit();
  await farm.heartbeat(worker, [await farm.claim(worker)]);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1000);
  const { log } = recordLog();
  const passes = [1, 2].map(() => createPass({ store: farm.store, broker: undefined, log, rules: farm.rules }));
  await Promise.all(passes.map((pass) => pass(new AbortController().signal)));
  expect((await farm.events(id)).filter((event) => event === 'task.requeued')).toHaveLength(1);
  const offline = await farm.store.db.selectFrom('events').select('id').where('event', '=', 'worker.offline').execute();
  expect(offline).toHaveLength(1);
});

test('a database that is away is told of once, and once when it is back', async () => {
  let away = true;
  const store: Store = {
    ...farm.store,
    check: () => (away ? Promise.reject(new AppError('unavailable', 'refused')) : farm.store.check()),
    transaction: (work, first) =>
      away ? Promise.reject(new AppError('unavailable', 'gone')) : farm.store.transaction(work, first),
  };
  const { entries } = await janitor(store);
  const tried = vi.spyOn(store, 'check');
  await eventually(() => expect(tried.mock.calls.length).toBeGreaterThan(5));
  away = false;
  await eventually(async () => expect(await leader()).toBeDefined());
  const transaction = vi.spyOn(store, 'transaction');
  away = true;
  await eventually(() => expect(transaction.mock.calls.length).toBeGreaterThan(20));
  const about = entries.filter(({ what }) => what === 'database').map(({ msg }) => msg);
  expect(about).toEqual(['cannot be worked with', 'can be worked with again', 'cannot be worked with']);
  expect(entries.filter(({ msg }) => msg === 'a sweep failed')).toEqual([]);
});

test('a database that goes away during a pass ends it, without a word from each chore', async () => {
  const away = new AppError('unavailable', 'gone');
  const { log, entries } = recordLog();
  const store = { ...farm.store, transaction: () => Promise.reject(away) };
  const pass = createPass({ store, broker: undefined, log, rules: farm.rules });
  await expect(pass(new AbortController().signal)).rejects.toBe(away);
  expect(entries).toEqual([]);
});

test('a chore that fails does not keep the others from running, and is told of once', async () => {
  const broker = new FakeBroker();
  const connection = broker.connect();
  const countDead = vi.fn().mockRejectedValue(new AppError('broker_unavailable', 'no such queue'));
  const { log, entries } = recordLog();
  const pass = createPass({ store: farm.store, broker: { ...connection, countDead }, log, rules: farm.rules });
  await farm.submit();
  for (const _ of [1, 2, 3]) await pass(new AbortController().signal);
  expect(Object.values(broker.ready)).toEqual([1]);
  expect(entries.filter(({ msg }) => msg === 'a sweep failed').map(({ sweep }) => sweep)).toEqual([
    'count-dead-letters',
  ]);
});

test('a database that a newer ffmill migrated ends the janitor', async () => {
  const fatal = Promise.withResolvers<unknown>();
  const store = { ...farm.store, check: () => Promise.reject(new AppError('schema_newer', 'newer')) };
  const { log } = recordLog();
  const started = await startJanitor(CONFIG, { store, log, onFatal: fatal.resolve });
  expect(await fatal.promise).toMatchObject({ code: 'schema_newer' });
  await started.stop();
});

test('sweeps can be asked for: all of them, or one', async () => {
  const api = await TestCoordinator.startOn(await TestFarm.open());
  onTestFinished(() => api.stop());
  const { log } = recordLog();
  const started = await startJanitor(CONFIG, { store: api.farm.store, log, rules: api.farm.rules });
  onTestFinished(() => started.stop());
  const ask = async (body: object) => (await api.call<SweepAnswer>('POST', '/v1/admin/janitor/run', { body })).body;
  const { sweeps } = await ask({});
  expect(Object.keys(sweeps)).toEqual([...SWEEP_NAMES]);
  expect(sweeps['expire-leases']).toEqual({ repaired: 0 });
  expect(sweeps['reconcile-queues']).toEqual({ left_out: 'there is no broker' });
  expect(await ask({ sweep: 'forget-coordinators' })).toEqual({ sweeps: { 'forget-coordinators': { repaired: 0 } } });
  const refused = await api.refused('POST', '/v1/admin/janitor/run', { body: { sweep: 'the floor' } });
  expect(refused).toMatchObject({ status: 400, errors: [{ pointer: '/sweep' }] });
  for (const name of SWEEP_NAMES) expect(JSON.stringify(refused)).toContain(name);
});

test('without a janitor whoever asks is told so after a while', async () => {
  const id = await requestSweep(farm.store, null);
  const asked = { id, patienceMs: 200, signal: new AbortController().signal };
  await expect(awaitSweep(farm.store.db, asked)).rejects.toMatchObject({ code: 'sweep_timed_out' });
});
