import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEventFeed } from '../../../services/coordinator/events/event-feed.ts';
import { type EventHub, startEventHub } from '../../../services/coordinator/events/event-hub.ts';
import { streamAllEvents } from '../../../services/coordinator/events/stream-all-events.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import type { EventBody } from '../../../shared/wire/events.ts';
import { TestFarm } from '../../support/test-farm.ts';

let farm: TestFarm;
let hub: EventHub;

beforeEach(async () => {
  farm = await TestFarm.open();
  const { store } = farm;
  const log = createLogger({ level: 'silent', name: 'test' });
  hub = startEventHub({ store, feed: createEventFeed({ store, broker: undefined, log }), log });
});
afterEach(async () => {
  await hub.stop();
  await farm.close();
});

const passing = (n: number): EventBody => ({
  ...{ v: 1, id: `passing ${n}`, seq: 0, event: 'task.progress', at: '2026-01-01T00:00:00.000Z', job_id: null },
  data: {},
});

test('a client that does not read is given up before it fills the memory', async () => {
  const controller = new AbortController();
  const request = { after: 'now' as const, signal: controller.signal, onTooSlow: () => controller.abort() };
  const stream = await streamAllEvents({ store: farm.store, hub }, request);
  await stream.next();
  for (let n = 0; n < 10_000 && !controller.signal.aborted; n++) hub.announce(passing(n));
  expect(controller.signal.aborted).toBe(true);
  await stream.return(undefined);
  expect(hub.hasListeners()).toBe(false);
});
