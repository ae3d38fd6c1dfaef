import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Sweep } from '../../../services/janitor/sweep.ts';
import { createSweeps } from '../../../services/janitor/sweeps.ts';
import { countUnpublishedEvents } from '../../../shared/db/queries/count-unpublished-events.ts';
import { touchCoordinator } from '../../../shared/db/transactions/touch-coordinator.ts';
import type { SweepName } from '../../../shared/wire/sweeps.ts';
import { FakeBroker } from '../../support/fake-broker.ts';
import { openOutboxStore } from '../../support/open-outbox-store.ts';
import { type LogEntry, recordLog } from '../../support/record-log.ts';
import { TestFarm, type TestWorker } from '../../support/test-farm.ts';

const CLASS = 'any@/+scratch';

let farm: TestFarm;
let worker: TestWorker;
let broker: FakeBroker;
let entries: LogEntry[];
let sweeps: ReturnType<typeof createSweeps>;

beforeEach(async () => {
  farm = await TestFarm.open({}, { open: openOutboxStore });
  worker = await farm.worker('a');
  broker = new FakeBroker();
  const recorded = recordLog();
  entries = recorded.entries;
  sweeps = createSweeps({ store: farm.store, rules: farm.rules, log: recorded.log }, broker.connect());
});
afterEach(() => farm.close());

const run = (name: SweepName) => (sweeps[name] as Sweep)();

/** Heartbeats go on while time passes. */
async function pass(ms: number, held: Parameters<TestFarm['heartbeat']>[1] = [], progress = 0.5): Promise<void> {
  for (let left = ms; left > 0; left -= 2000) {
    farm.clock.advance(Math.min(2000, left));
    await farm.heartbeat(worker, held, progress);
  }
}

test('a retry gets its token when it is due, once', async () => {
  await farm.submit();
  await run('reconcile-queues');
  await farm.fails(await farm.claim(worker), 'ffmpeg_killed');
  expect(await run('publish-due-tokens')).toBe(0);
  await pass(6000);
  expect([await run('publish-due-tokens'), await run('publish-due-tokens')]).toEqual([1, 0]);
  expect(broker.ready).toEqual({ [CLASS]: 1 });
});

test('a publication that was offered gets a token, once', async () => {
  const { id, task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  await run('publish-due-tokens');
  broker.queues.clear();
  await farm.report(task, { outcome: 'interrupted' });
  expect([await run('publish-due-tokens'), await run('publish-due-tokens')]).toEqual([1, 0]);
  const [row] = await farm.tasks(id, 'transcode');
  expect(broker.ready).toEqual({ [row?.class ?? '']: 1 });
});

test('tokens that are missing in two sweeps running are published; those that workers hold do not count', async () => {
  const [first] = [await farm.submit(), await farm.submit(), await farm.submit()];
  await farm.claim(worker);
  expect([await run('reconcile-queues'), broker.ready]).toEqual([0, { [CLASS]: 0 }]);
  expect([await run('reconcile-queues'), broker.ready]).toEqual([2, { [CLASS]: 2 }]);
  expect(await run('reconcile-queues')).toBe(0);
  broker.queues.get(CLASS)?.pop();
  expect([await run('reconcile-queues'), await run('reconcile-queues')]).toEqual([0, 1]);
  expect((await farm.job(first)).state).toBe('assigned');
});

test('a broker that was wiped is filled again, some hundred tokens at a time', async () => {
  await farm.store.db.deleteFrom('jobs').execute();
  for (let n = 0; n < 320; n++) await farm.submit();
  await run('reconcile-queues');
  expect([await run('reconcile-queues'), await run('reconcile-queues')]).toEqual([300, 20]);
});

test('a class of which tasks only run or wait has its queue all the same', async () => {
  await farm.submit();
  await farm.claim(worker);
  await run('reconcile-queues');
  expect(broker.ready).toEqual({ [CLASS]: 0 });
});

test('events that their writer left behind are relayed once they are a second old', async () => {
  await farm.submit();
  expect(await run('relay-leftover-events')).toBe(0);
  farm.clock.advance(1001);
  expect(await run('relay-leftover-events')).toBe(3);
  expect(await countUnpublishedEvents(farm.store.db)).toBe(0);
});

test('an attempt whose progress stands still under a renewed lease is broken off and runs elsewhere', async () => {
  await farm.submit();
  const probe = await farm.claim(worker);
  await farm.heartbeat(worker, [probe], 0.5);
  await pass(farm.rules.stalledMs - 2000, [probe]);
  expect(await run('interrupt-stalled-tasks')).toBe(0);
  await pass(6000, [probe]);
  expect(await run('interrupt-stalled-tasks')).toBe(1);
  expect(await farm.task(probe)).toMatchObject({ state: 'pending', token: null, interruptions: 1 });
  expect((await farm.heartbeat(worker, [probe])).lost).toEqual([probe.token]);
});

test('progress of any size, and silence of the whole farm, is no stall', async () => {
  await farm.submit();
  const probe = await farm.claim(worker);
  await farm.heartbeat(worker, [probe], 0.5);
  await pass(farm.rules.stalledMs - 2000, [probe]);
  await pass(6000, [probe], 0.501);
  expect(await run('interrupt-stalled-tasks')).toBe(0);
  farm.clock.advance(2 * farm.rules.stalledMs);
  expect(await run('interrupt-stalled-tasks')).toBe(0);
  await farm.heartbeat(worker, [probe], 0.501);
  expect(await run('interrupt-stalled-tasks')).toBe(0);
});

test('coordinators that were not seen for a day are forgotten', async () => {
  farm.clock.advance(24 * 3_600_000 + 1);
  await touchCoordinator(farm.store, 'coordinator-2', farm.rules);
  expect([await run('forget-coordinators'), await run('forget-coordinators')]).toEqual([1, 0]);
  const left = await farm.store.db.selectFrom('coordinators').select('id').execute();
  expect(left).toEqual([{ id: 'coordinator-2' }]);
});

test('the number of dead letters is told when it has changed', async () => {
  for (const deadLetters of [0, 2, 2, 3, 0]) {
    broker.deadLetters = deadLetters;
    await run('count-dead-letters');
  }
  expect(entries.map(({ messages }) => messages)).toEqual([2, 3, 0]);
});

test.each(['publish-due-tokens', 'reconcile-queues', 'relay-leftover-events', 'count-dead-letters'] as const)(
  '%s waits for a broker that is away, and is missing without one',
  async (name) => {
    await farm.submit();
    farm.clock.advance(2000);
    broker.state = 'down';
    expect([await run(name), await run(name), broker.taken.length]).toEqual([0, 0, 0]);
    const { log } = recordLog();
    expect(createSweeps({ store: farm.store, rules: farm.rules, log }, undefined)[name]).toBeUndefined();
  },
);
