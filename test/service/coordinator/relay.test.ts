import { afterEach, beforeEach, expect, test } from 'vitest';
import { countUnpublishedEvents } from '../../../shared/db/queries/count-unpublished-events.ts';
import { AppError } from '../../../shared/errors.ts';
import type { EventBody } from '../../../shared/wire/events.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeBroker } from '../../support/fake-broker.ts';
import { TestCoordinator } from '../../support/test-coordinator.ts';

let broker: FakeBroker;
let api: TestCoordinator;

beforeEach(async () => {
  broker = new FakeBroker();
  api = await TestCoordinator.start({}, broker.connect());
});
afterEach(() => api.stop());

const outbox = () => countUnpublishedEvents(api.farm.store.db);
const untilEmpty = () => eventually(async () => expect(await outbox()).toBe(0));

function expectInOrder(events: readonly EventBody[]): void {
  for (const [, ofJob] of Map.groupBy(events, (event) => event.job_id))
    if (ofJob[0]?.job_id !== null) expect(ofJob.map(({ seq }) => seq)).toEqual(ofJob.map((_, index) => index + 1));
}

test('what is committed is published for whoever watches, in order, persistent, and then noted', async () => {
  const worker = await api.farm.worker('w');
  const { id } = await api.submit();
  await untilEmpty();
  const told = broker.taken.filter(({ exchange }) => exchange === 'ffmill.events');
  const task = (await api.farm.tasks(id as never))[0];
  expect(told.map(({ routingKey }) => routingKey).toSorted()).toEqual(
    [`job.${id}.created`, `task.${id}.${task?.id}.pending`, `worker.${worker.id}.online`].toSorted(),
  );
  expect(told.every(({ persistent, mandatory }) => persistent && !mandatory)).toBe(true);
  expect(told.map(({ messageId }) => messageId)).toEqual(broker.events.map((event) => event.id));
});

test('jobs are taken while the broker is down or blocked, and told of in order when it is back', async () => {
  broker.state = 'down';
  const jobs = Array.from({ length: 300 }, (_, n) => ({ input: '/in.mkv', output: `/${n}.mp4` }));
  expect((await api.call('POST', '/v1/jobs/batch', { body: { jobs } })).status).toBe(201);
  broker.state = 'blocked';
  await api.submit();
  expect(await outbox()).toBe(602);
  expect((await api.call('GET', '/ready')).body).toEqual({ status: 'ready', degraded: ['the broker is blocked'] });
  api.farm.clock.advance(2000);
  broker.state = 'up';
  await untilEmpty();
  expect(broker.events).toHaveLength(602);
  expectInOrder(broker.events);
});

test('no event is published while an older one of its job is not; other jobs are told of', async () => {
  const refused = await api.submit({ output: '/refused.mp4' });
  await untilEmpty();
  const worker = await api.farm.worker('w');
  broker.beforeTaking = ({ body }) => {
    if ((body as EventBody).event === 'task.assigned') throw new AppError('broker_unavailable', 'refused');
  };
  await api.farm.heartbeat(worker, [await api.farm.claim(worker)]);
  await api.submit({ output: '/other.mp4' });
  api.farm.clock.advance(2000);
  await eventually(async () => {
    await api.farm.heartbeat(worker, []); // something to relay
    expect(await outbox()).toBe(3);
  });
  const names = broker.events.filter(({ job_id }) => job_id === refused.id).map(({ event }) => event);
  expect(names).toEqual(['job.created', 'task.pending', 'job.assigned']);
  broker.beforeTaking = () => {};
  await untilEmpty();
  expectInOrder(broker.events);
});

test('what another coordinator left behind is relayed once it is a second old', async () => {
  const { id } = await api.submit();
  await untilEmpty();
  const row = { id: 'left-behind', job_id: id as never, seq: 3, event: 'task.running' as const, data: '{}' };
  await api.farm.store.db
    .insertInto('events')
    .values({ ...row, at: api.farm.clock.now(), published: 0 })
    .execute();
  api.farm.clock.advance(1001);
  await untilEmpty();
  expect(broker.events.at(-1)?.id).toBe('left-behind');
});

test('progress is published for those who listen elsewhere, and is not persistent', async () => {
  const worker = await api.farm.worker('w');
  await api.submit();
  const probe = await api.farm.claim(worker);
  await api.farm.heartbeat(worker, [probe]);
  const { token, task_id } = probe;
  const tasks = [{ task_id, attempt: 1, token, progress: 0.25 }];
  const body = { instance_id: worker.instance, status: 'online', tasks };
  await api.call('POST', `/v1/workers/${worker.id}/heartbeat`, { body });
  await eventually(() => {
    const progress = broker.taken.filter(({ routingKey }) => routingKey.endsWith('.progress'));
    expect(progress.map(({ persistent }) => persistent)).toEqual([false, false]);
  });
});

test('what is left when the service ends is still told', async () => {
  const { submit } = api;
  await submit.call(api);
  await api.coordinator.stop();
  expect(await outbox()).toBe(0);
});
