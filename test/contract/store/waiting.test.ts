import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createDispatcher } from '../../../services/coordinator/dispatch/dispatcher.ts';
import { createEventFeed, type EventFeed } from '../../../services/coordinator/events/event-feed.ts';
import { startEventHub } from '../../../services/coordinator/events/event-hub.ts';
import { streamJobEvents } from '../../../services/coordinator/events/stream-job-events.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { eventually } from '../../support/eventually.ts';
import { TestFarm, type TestWorker } from '../../support/test-farm.ts';
import { overtaken } from '../../support/troubled-stores.ts';

const log = createLogger({ level: 'silent', name: 'test' });

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

const DEAF: EventFeed = { listen: () => () => {} };

function startDispatcher({ store = farm.store, feed = createEventFeed({ store, broker: undefined, log }) } = {}) {
  const rounds = vi.spyOn(store, 'now');
  const dispatcher = createDispatcher({ store, feed, rules: farm.rules, log });
  onTestFinished(() => dispatcher.stop());
  // Only when a claim waits the database is asked what there is.
  return { ...dispatcher, untilWaiting: () => eventually(() => expect(rounds).toHaveBeenCalled()) };
}

function longPoll(worker: TestWorker) {
  const body = { claim_id: newId<AttemptId>(), instance_id: worker.instance, wait_seconds: 5 };
  return { workerId: worker.id, body, signal: new AbortController().signal };
}

test('a claim that is sent again while it waits takes the place of its first sending', async () => {
  const claim = longPoll(await farm.worker('a'));
  const dispatcher = startDispatcher();
  const first = dispatcher.claim(claim);
  await dispatcher.untilWaiting();
  const again = dispatcher.claim(claim);
  await farm.submit();
  expect(await again).toMatchObject({ task: { kind: 'probe', token: claim.body.claim_id } });
  expect(await first).toEqual({ task: null });
});

test('a claim that is sent again while its first sending is given a task is given the same one', async () => {
  const claim = longPoll(await farm.worker('a'));
  const [granting, sentAgain] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const store = overtaken(farm.store, async () => {
    granting.resolve();
    await sentAgain.promise;
  });
  const dispatcher = startDispatcher({ store });
  const first = dispatcher.claim(claim);
  await dispatcher.untilWaiting();
  await farm.submit();
  await granting.promise;
  const again = dispatcher.claim(claim);
  sentAgain.resolve();
  expect(await again).toMatchObject({ task: { kind: 'probe', token: claim.body.claim_id } });
  expect(await first).toEqual(await again);
});

test('a claim that waits here and was granted elsewhere is given its task', async () => {
  const worker = await farm.worker('a');
  const claim = longPoll(worker);
  const dispatcher = startDispatcher({ feed: DEAF });
  const waiting = dispatcher.claim(claim);
  await dispatcher.untilWaiting();
  await farm.submit();
  const granted = await farm.claimUnheard(worker, claim.body.claim_id);
  expect(await waiting).toEqual(granted);
});

test('a claim whose client has gone before it is looked at takes no task', async () => {
  const worker = await farm.worker('a');
  await farm.submit();
  const claim = { ...longPoll(worker), signal: AbortSignal.abort() };
  expect(await startDispatcher().claim(claim)).toEqual({ task: null });
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
