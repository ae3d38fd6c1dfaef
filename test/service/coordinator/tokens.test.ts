import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
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

const CLASS = 'any@/+scratch';
const untilReady = (count: number) => eventually(() => expect(broker.ready).toEqual({ [CLASS]: count }));

test('each task that waits has a token of its class, and a new class is told to the workers', async () => {
  const first = await api.submit({ output: '/a.mp4' });
  await api.submit({ output: '/b.mp4' });
  await untilReady(2);
  const token = broker.queues.get(CLASS)?.find(({ job_id }) => job_id === first.id);
  const [task] = await api.farm.tasks(first.id as never);
  expect(token).toEqual({ v: 1, job_id: first.id, task_id: task?.id, attempt: 0, class: CLASS });
  expect(broker.control).toEqual([{ to: 'workers', message: { v: 1, type: 'wake' } }]);
  expect(broker.taken.filter(({ exchange }) => exchange === 'ffmill.tasks').every((sent) => sent.mandatory)).toBe(true);
});

test('a token waits neither for the events nor do clients wait for either', async () => {
  broker.beforeTaking = ({ exchange }) => (exchange === 'ffmill.events' ? new Promise<void>(() => {}) : undefined);
  await api.submit({ output: '/a.mp4' });
  await api.submit({ output: '/b.mp4' });
  await untilReady(2);
});

test('a token that was on its way to a broker that died is published when there is another', async () => {
  broker.beforeTaking = ({ exchange }) => {
    if (exchange !== 'ffmill.tasks') return;
    broker.state = 'down';
    throw new AppError('broker_unavailable', 'connection lost');
  };
  await api.submit({ output: '/a.mp4' });
  await eventually(() => expect(broker.connect().state()).toBe('down'));
  broker.beforeTaking = () => {};
  broker.state = 'up';
  await untilReady(1);
});

test('a class whose queue has gone gets it again with its next token', async () => {
  await api.submit({ output: '/a.mp4' });
  await untilReady(1);
  broker.queues.clear();
  await api.submit({ output: '/b.mp4' });
  await untilReady(1);
});

test('a task that is given back has a token at once, one that has to wait has none', async () => {
  const worker = await api.farm.worker('w');
  await api.submit();
  await untilReady(1);
  await api.farm.fails(await api.farm.claim(worker), 'ffmpeg_killed');
  api.farm.clock.advance(10_000);
  const again = await api.farm.claim(worker);
  expect(broker.ready).toEqual({ [CLASS]: 1 });
  await api.farm.report(again, { outcome: 'interrupted', counted: false });
  await untilReady(2);
});

test('a claim for a token that lost its race owes the class another one', async () => {
  const worker = await api.farm.worker('w');
  await api.submit();
  await untilReady(1);
  const claim_id = newId<AttemptId>();
  const claimed = await api.farm.tryClaim(worker, claim_id);
  await api.farm.report({ token: claimed?.token ?? '' }, { outcome: 'interrupted', counted: false });
  await untilReady(2);
  const body = { claim_id, instance_id: worker.instance, class: CLASS };
  const { body: answer } = await api.call('POST', `/v1/workers/${worker.id}/claim`, { body });
  expect(answer).toEqual({ again: true });
  await untilReady(3);
});

test('nothing fails with a broker that refuses everything', async () => {
  broker.beforeTaking = () => {
    throw new AppError('broker_unavailable', 'refused');
  };
  const { id } = await api.submit();
  expect((await api.call('POST', `/v1/jobs/${id}/cancel`)).status).toBe(202);
});

test('a cancel names to each worker the attempts that it has to end', async () => {
  const worker = await api.farm.worker('w');
  const { id } = await api.submit();
  const probe = await api.farm.claim(worker);
  await api.call('POST', `/v1/jobs/${id}/cancel`);
  const message = { v: 1, type: 'cancel', attempts: [probe.token] };
  await eventually(() => expect(broker.control).toContainEqual({ to: `worker.${worker.id}`, message }));
});

test('the other attempts of a job that failed are named too', async () => {
  const worker = await api.farm.worker('w');
  await api.farm.probed(worker);
  const [failing, running] = [await api.farm.claim(worker), await api.farm.claim(worker)];
  await api.farm.fails(failing, 'input_corrupt', 'reject');
  const message = { v: 1, type: 'cancel', attempts: [running.token] };
  await eventually(() => expect(broker.control).toContainEqual({ to: `worker.${worker.id}`, message }));
});

test('a worker learns at once that it is drained, and that it is resumed', async () => {
  const worker = await api.farm.worker('w');
  for (const verb of ['drain', 'resume']) {
    broker.taken.length = 0;
    await api.call('POST', `/v1/workers/${worker.id}/${verb}`);
    const message = { v: 1, type: 'drain' };
    await eventually(() => expect(broker.control).toEqual([{ to: `worker.${worker.id}`, message }]));
  }
});
