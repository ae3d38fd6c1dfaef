import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDispatcher } from '../../../services/coordinator/dispatch/dispatcher.ts';
import { createEventFeed } from '../../../services/coordinator/events/event-feed.ts';
import { startEventHub } from '../../../services/coordinator/events/event-hub.ts';
import { streamJobEvents } from '../../../services/coordinator/events/stream-job-events.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { TestFarm } from '../../support/test-farm.ts';

const log = createLogger({ level: 'silent', name: 'test' });

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

test('a claim whose client has gone before it is looked at takes no task', async () => {
  const worker = await farm.worker('a');
  await farm.submit();
  const { store, rules } = farm;
  const feed = createEventFeed({ store, broker: undefined, log });
  const dispatcher = createDispatcher({ store, feed, rules, log });
  const body = { claim_id: newId<AttemptId>(), instance_id: worker.instance, wait_seconds: 20 };
  expect(await dispatcher.claim({ workerId: worker.id, body, signal: AbortSignal.abort() })).toEqual({ task: null });
  await dispatcher.stop();
  expect(await farm.store.db.selectFrom('attempts').selectAll().execute()).toEqual([]);
});

test('the stream of a job ends with its end, even when that was committed a moment before', async () => {
  const worker = await farm.worker('a');
  const { id, task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  const { store } = farm;
  const hub = startEventHub({ store, feed: createEventFeed({ store, broker: undefined, log }), log });
  await hub.stop(); // It will not read on: the commit below is seen by everybody else first.
  await farm.done(task);
  const request = { jobId: id, after: 0, signal: new AbortController().signal, onTooSlow: () => {} };
  const told = await Array.fromAsync(await streamJobEvents({ db: store.db, hub }, request));
  expect(told.filter((text) => text.startsWith('id:')).map((text) => text.match(/^event: (.*)$/m)?.[1])).toEqual(
    await farm.events(id),
  );
});
