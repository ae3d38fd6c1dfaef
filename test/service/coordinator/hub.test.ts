import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEventFeed } from '../../../services/coordinator/events/event-feed.ts';
import { type EventHub, startEventHub } from '../../../services/coordinator/events/event-hub.ts';
import { streamAllEvents } from '../../../services/coordinator/events/stream-all-events.ts';
import { streamJobEvents } from '../../../services/coordinator/events/stream-job-events.ts';
import { findEventPlace } from '../../../shared/db/queries/find-event-place.ts';
import { findJob } from '../../../shared/db/queries/find-job.ts';
import { type JobId, newId } from '../../../shared/job/ids.ts';
import { publishEvent } from '../../../shared/relay/publish-event.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import type { EventBody } from '../../../shared/wire/events.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeBroker } from '../../support/fake-broker.ts';
import { TestFarm } from '../../support/test-farm.ts';

const log = createLogger({ level: 'silent', name: 'test' });

let farm: TestFarm;
let broker: FakeBroker;
let hub: EventHub;
const ends = new AbortController();

/** A coordinator's hub that hears nothing of the commits made here: they are another coordinator's. */
beforeEach(async () => {
  farm = await TestFarm.open();
  broker = new FakeBroker();
  const store = { ...farm.store, events: { subscribe: () => () => {}, publish: () => {} }, positionsAreOrdered: false };
  hub = startEventHub({ store, feed: createEventFeed({ store, broker: broker.connect(), log }), log });
});
afterEach(async () => {
  await hub.stop();
  await farm.close();
});

const store = () => ({ ...farm.store, positionsAreOrdered: false });
const publish = (event: EventBody) => publishEvent(broker.connect(), event);

/** Writes the next events of a job, as a commit of another process that wrote them at these positions. */
async function commit(jobId: JobId, seqs: readonly number[], firstPosition: number): Promise<EventBody[]> {
  const rows = seqs.map((seq, index) => ({
    ...{ position: firstPosition + index, id: `${jobId} ${seq}`, job_id: jobId, seq, event: 'task.running' as const },
    ...{ at: farm.clock.now(), data: '{}' },
  }));
  await farm.store.db.insertInto('events').values(rows).execute();
  return rows.map(({ id, seq, event }) => ({
    ...{ v: 1, id, seq, event, at: new Date(farm.clock.now()).toISOString(), job_id: jobId, data: {} },
  }));
}

async function listen(jobId: JobId | null = null) {
  const told: EventBody[] = [];
  const { unsubscribe } = await hub.subscribe(jobId, (event) => told.push(event), ends.signal);
  return { told, unsubscribe, seqs: () => told.map(({ seq }) => seq) };
}

test('events of another coordinator come over the broker, in order though it doubles and overtakes', async () => {
  const id = await farm.submit();
  const { seqs } = await listen();
  const events = await commit(id, [3, 4, 5], 100);
  for (const index of [1, 0, 2, 2, 1]) await publish(events[index] as EventBody);
  await eventually(() => expect(seqs()).toEqual([3, 4, 5]));
});

test('what the broker lost is read before what it brings', async () => {
  const id = await farm.submit();
  const { seqs } = await listen();
  const events = await commit(id, [3, 4, 5, 6], 100);
  await publish(events[3] as EventBody);
  await eventually(() => expect(seqs()).toEqual([3, 4, 5, 6]));
});

test('without a broker a commit that appears below what was seen is told, and told once', async () => {
  const [early, late] = [await farm.submit(), await farm.submit()];
  const { told } = await listen();
  await commit(early, [3], 200);
  await eventually(() => expect(told.map(({ job_id }) => job_id)).toEqual([early]));
  await commit(late, [3], 150);
  await eventually(() => expect(told.map(({ job_id }) => job_id)).toEqual([early, late]));
  await commit(early, [4], 201);
  await eventually(() => expect(told).toHaveLength(3));
});

test('events of workers have no place in a job and are told once, by their id', async () => {
  const { told } = await listen();
  const event: EventBody = {
    ...{ v: 1, id: newId<never>(), seq: 0, event: 'worker.offline', at: '2026-01-01T00:00:00.000Z', job_id: null },
    data: {},
  };
  const row = { id: event.id, seq: 0, event: event.event, at: Date.parse(event.at), data: '{}' };
  await farm.store.db.insertInto('events').values(row).execute();
  await publish(event);
  const id = await farm.submit();
  await eventually(() => expect(told.filter(({ job_id }) => job_id === id)).toHaveLength(2));
  expect(told.filter(({ job_id }) => job_id === null)).toHaveLength(1);
});

test('what stood in the log before anybody listened is no news', async () => {
  const id = await farm.submit();
  const { seqs } = await listen();
  await publish((await commit(id, [3], 100))[0] as EventBody);
  await eventually(() => expect(seqs()).toEqual([3]));
});

test('progress of another coordinator passes, and nothing is remembered while nobody listens', async () => {
  const { told, unsubscribe } = await listen();
  const passing = (id: string): EventBody => ({
    ...{ v: 1, id, seq: 0, event: 'task.progress', at: '2026-01-01T00:00:00.000Z', job_id: 'j', task_id: 't' },
    data: {},
  });
  await publish(passing('one'));
  await publish(passing('one'));
  expect(told.map(({ id }) => id)).toEqual(['one']);
  unsubscribe();
  await publish(passing('two'));
  expect([told.length, hub.hasListeners()]).toEqual([1, false]);
});

test('a job’s stream tells each event once and in order, whatever it is told', async () => {
  const id = await farm.submit();
  const controller = new AbortController();
  const request = { jobId: id, after: 1, signal: controller.signal, onTooSlow: () => {} };
  const stream = await streamJobEvents({ db: farm.store.db, hub }, request);
  const told: string[] = [];
  const reading = (async () => {
    for await (const text of stream) told.push(...(/^id: .*$/m.exec(text) ?? []));
  })();
  await eventually(() => expect(told).toHaveLength(1));
  const events = await commit(id, [3, 4, 5], 100);
  for (const index of [2, 0, 1, 2]) await publish(events[index] as EventBody);
  await eventually(() => expect(told.slice(1)).toEqual(events.map((event) => `id: ${event.id}`)));
  await farm.submit();
  controller.abort();
  await reading;
  expect(told).toHaveLength(4);
  expect(hub.hasListeners()).toBe(false);
});

test('a job’s stream reads what a hub forgot to tell', async () => {
  const id = await farm.submit();
  const listeners: ((event: EventBody) => void)[] = [];
  const forgetful: EventHub = {
    ...hub,
    subscribe: async (_jobId, listener) => {
      listeners.push(listener);
      return { settled: 0, unsubscribe: () => {} };
    },
  };
  const controller = new AbortController();
  const request = { jobId: id, after: 1, signal: controller.signal, onTooSlow: () => {} };
  const stream = await streamJobEvents({ db: farm.store.db, hub: forgetful }, request);
  expect((await stream.next()).value).toMatch(/^retry/);
  expect((await stream.next()).value).toMatch('task.pending'); // all that is stored so far
  const next = stream.next();
  const events = await commit(id, [3, 4, 5], 100);
  listeners[0]?.(events[2] as EventBody);
  listeners[0]?.(events[0] as EventBody);
  for (const event of events) {
    const text = event === events[0] ? await next : await stream.next();
    expect(text.value).toContain(`id: ${event.id}\n`);
  }
  controller.abort();
  expect(String((await stream.next()).value)).not.toMatch(/^id/m);
});

test('a client of all events that comes back gets what was committed late, below the last it had', async () => {
  const [first, second] = [await farm.submit(), await farm.submit()];
  await commit(first, [3], 200);
  await commit(second, [3], 150);
  const last = await findEventPlace(farm.store.db, `${first} 3`);
  if (!last) expect.fail();
  const controller = new AbortController();
  const request = { after: last, signal: controller.signal, onTooSlow: () => {} };
  const told: string[] = [];
  for await (const text of await streamAllEvents({ store: store(), hub }, request)) {
    told.push(...(/^id: (.*)$/m.exec(text)?.slice(1) ?? []));
    if (told.includes(`${second} 3`)) break;
  }
  expect(told).toContain(`${second} 3`);
  expect(await findJob(farm.store.db, second)).toBeDefined();
});
