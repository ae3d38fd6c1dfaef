import { expect, onTestFinished, test } from 'vitest';
import { startWorker } from '../../../services/worker/start.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeCoordinator } from '../../support/fake-coordinator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { useRabbit } from '../../support/use-rabbit.ts';
import { workerArguments } from '../../support/worker-arguments.ts';
import { segmentTask } from '../../support/worker-tasks.ts';
import { dispatcherOn } from './amqp-rig.ts';

const rabbit = useRabbit();

/** A real worker with a broker; the coordinator gives it the class `any`. */
async function startWholeWorker({ heartbeatSeconds = 0.1 } = {}) {
  const dispatcher = await dispatcherOn(rabbit);
  await dispatcher.depth('any');
  const coordinator = await FakeCoordinator.start();
  coordinator.heartbeatSeconds = heartbeatSeconds;
  onTestFinished(() => coordinator.down());
  const [config, dependencies] = workerArguments({ url: coordinator.url, folder: await temporaryFolder() });
  const worker = await startWorker({ ...config, broker: rabbit.config('worker') }, dependencies);
  onTestFinished(() => worker.stop({ mode: 'immediate' }));
  return { dispatcher, coordinator, worker };
}

test('a worker takes a task for a token, reports it, and has acknowledged the token when it has stopped', async () => {
  const { dispatcher, coordinator, worker } = await startWholeWorker();
  await dispatcher.see('any', { consumers: 1 });
  expect(coordinator.of('claim')).toEqual([]);
  coordinator.give(segmentTask());
  await dispatcher.token('any');
  await eventually(() => expect(coordinator.of('report')).toHaveLength(1));
  expect(coordinator.of('claim').map(({ body }) => [body.class, body.wait_seconds])).toEqual([['any', undefined]]);
  await worker.stop({ mode: 'drain' });
  await dispatcher.see('any', { ready: 0, consumers: 0 });
});

test('a drain that the heartbeat’s answer asks for ends the consumers, and its end brings them back', async () => {
  const { dispatcher, coordinator } = await startWholeWorker();
  await dispatcher.see('any', { consumers: 1 });
  coordinator.heartbeatAnswer.drain = true;
  await dispatcher.see('any', { consumers: 0 });
  coordinator.heartbeatAnswer.drain = false;
  await dispatcher.see('any', { consumers: 1 });
});

test('a control message makes the worker send its heartbeat at once', async () => {
  const { dispatcher, coordinator } = await startWholeWorker({ heartbeatSeconds: 3_600 });
  const control = { exchange: 'ffmill.control', routingKey: 'workers', persistent: false, mandatory: true };
  expect(coordinator.heartbeats()).toEqual([]);
  // Refused until the worker has its queue.
  await eventually(() => dispatcher.broker.publish({ ...control, body: { v: 1, type: 'wake' } }));
  await eventually(() => expect(coordinator.heartbeats()).not.toEqual([]));
});
