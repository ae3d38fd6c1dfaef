import { expect, onTestFinished, test } from 'vitest';
import { REASON_HEADER } from '../../../shared/broker/bury-message.ts';
import { CLASS_QUEUE_OPTIONS } from '../../../shared/broker/topology.ts';
import { newId } from '../../../shared/job/ids.ts';
import { eventually } from '../../support/eventually.ts';
import { useRabbit } from '../../support/use-rabbit.ts';
import { dispatcherOn, newClass, startWorkerOn } from './amqp-rig.ts';
import { neverAnswered, playFarm } from './play-farm.ts';

const rabbit = useRabbit();
const LONG_MS = 10_000;

/** A farm with one class, or more. */
async function play(classCount = 1) {
  const farm = playFarm();
  const dispatcher = await dispatcherOn(rabbit);
  const classes = await Promise.all(Array.from({ length: classCount }, dispatcher.declareNew));
  const [queueClass = '', otherClass = ''] = classes;
  return {
    ...{ farm, dispatcher, queueClass, otherClass },
    async addTask(to = queueClass) {
      farm.add();
      await dispatcher.token(to);
    },
    startWorker: (slots: number, given = classes, lookMs?: number) =>
      startWorkerOn(rabbit, farm, { slots, classes: given, ...(lookMs !== undefined && { lookMs }) }),
  };
}

test('a claim names the class and the task of its token, and its attempt’s id is its own', async () => {
  const { farm, dispatcher, queueClass, startWorker } = await play();
  const task = newId();
  startWorker(1);
  await dispatcher.token(queueClass, { v: 1, class: queueClass, task_id: task, job_id: newId(), attempt: 1 });
  await eventually(() => expect(farm.claims).toHaveLength(1));
  expect(farm.claims[0]).toEqual({ claim_id: expect.any(String), class: queueClass, task_id: task });
});

test('a worker without a free slot consumes nothing, and holds no token but those of its attempts', async () => {
  const { dispatcher, queueClass, otherClass, addTask, startWorker } = await play(2);
  const { offered } = startWorker(2);
  for (let count = 0; count < 4; count += 1) {
    await addTask(queueClass);
    await addTask(otherClass);
  }
  await eventually(() => expect(offered).toHaveLength(2));
  await dispatcher.seeWorkers({ consumers: 0, held: 2 });
  const depths = await Promise.all([dispatcher.depth(queueClass), dispatcher.depth(otherClass)]);
  expect(depths.reduce((sum, { ready }) => sum + ready, 0)).toBe(6);
});

test('tokens beyond the slots go back and another worker gets them while the first is busy', async () => {
  const { addTask, dispatcher, queueClass, otherClass, startWorker } = await play(2);
  const busy = startWorker(2);
  await dispatcher.seeWorkers({ consumers: 2 });
  // Two consumers with room for two each: four tokens are on their way to two slots.
  await Promise.all([queueClass, queueClass, otherClass, otherClass].map((name) => addTask(name)));
  await eventually(() => expect(busy.offered).toHaveLength(2));
  const free = startWorker(2);
  await eventually(() => expect(free.offered).toHaveLength(2), 1_000);
  expect(busy.offered).toHaveLength(2);
});

test('every slot that is free can be filled from one queue, whatever fills the others', async () => {
  const { queueClass, otherClass, addTask, startWorker } = await play(2);
  const { offered } = startWorker(3);
  await addTask(queueClass);
  await addTask(otherClass);
  await addTask(otherClass);
  await eventually(() => expect(offered).toHaveLength(3));
  // The slots come free one after the other, each while a longer task of the other class still runs.
  offered[0]?.slot.release();
  await addTask(otherClass);
  await eventually(() => expect(offered).toHaveLength(4), 1_000);
  offered[1]?.slot.release();
  offered[2]?.slot.release();
  await addTask(queueClass);
  await addTask(queueClass);
  await eventually(() => expect(offered).toHaveLength(6), 1_000);
});

test('a token is acknowledged when its attempt has ended, and not before', async () => {
  const { dispatcher, queueClass, addTask, startWorker } = await play();
  const { offered } = startWorker(1);
  await addTask();
  await eventually(() => expect(offered).toHaveLength(1));
  await dispatcher.seeWorkers({ consumers: 0, held: 1 });
  offered[0]?.slot.release();
  await dispatcher.seeWorkers({ consumers: 1, held: 0 });
  await dispatcher.see(queueClass, { ready: 0 });
});

test('tokens for which there is nothing to claim are acknowledged, a lost race too', async () => {
  const { farm, dispatcher, queueClass, startWorker } = await play();
  const { offered } = startWorker(1);
  let answered = 0;
  farm.answerWith(async () => {
    answered += 1;
    return answered % 2 === 0 ? { again: true } : { task: null };
  });
  for (let count = 0; count < 20; count += 1) await dispatcher.token(queueClass);
  await eventually(() => expect(farm.claims).toHaveLength(20));
  await dispatcher.see(queueClass, { ready: 0 });
  await dispatcher.seeWorkers({ consumers: 1, held: 0 });
  expect(offered).toEqual([]);
});

test('what is no token, or of another version, goes to the dead queue with the reason', async () => {
  const { farm, dispatcher, queueClass, addTask, startWorker } = await play();
  const { offered } = startWorker(2);
  await dispatcher.channel.purgeQueue('ffmill.dead');
  const flood = Array.from({ length: 50 }, (_, number) => ({ v: 2, class: queueClass, number }));
  await Promise.all(flood.map((body) => dispatcher.token(queueClass, body)));
  dispatcher.channel.publish('ffmill.tasks', queueClass, Buffer.from('{'));
  await dispatcher.token(queueClass, { v: 1 });
  await addTask();
  await eventually(() => expect(offered).toHaveLength(1));
  await eventually(async () => expect(await dispatcher.broker.countDead()).toBe(52));
  expect(farm.claims).toHaveLength(1);
  const reasons: string[] = [];
  for (let dead = await getDead(); dead; dead = await getDead()) reasons.push(dead);
  expect(reasons.filter((reason) => reason === 'a token of version 2')).toHaveLength(50);
  expect(reasons.filter((reason) => reason === 'not JSON')).toHaveLength(1);
  expect(reasons.filter((reason) => reason.startsWith('not a token'))).toHaveLength(1);

  async function getDead(): Promise<string | undefined> {
    const message = await dispatcher.channel.get('ffmill.dead', { noAck: true });
    return message ? String(message.properties.headers?.[REASON_HEADER]) : undefined;
  }
});

test('what cannot be put there with a reason gets there without', async () => {
  const { dispatcher, queueClass, startWorker } = await play();
  await rabbit.control('set_permissions', 'worker', '^ffmill\\.worker\\..*', '^$', '^ffmill\\..*');
  try {
    await dispatcher.channel.purgeQueue('ffmill.dead');
    startWorker(1);
    await dispatcher.token(queueClass, 'nonsense');
    await eventually(async () => expect(await dispatcher.broker.countDead()).toBe(1), 10_000);
    const message = await dispatcher.channel.get('ffmill.dead', { noAck: true });
    expect(message ? message.properties.headers : undefined).toMatchObject({ 'x-first-death-reason': 'rejected' });
  } finally {
    const write = '^ffmill\\.(worker\\..*|dead)$';
    await rabbit.control('set_permissions', 'worker', '^ffmill\\.worker\\..*', write, '^ffmill\\..*');
  }
});

test('a worker consumes what it is told to, at once, and an older list that comes late changes nothing', async () => {
  const { dispatcher, queueClass, otherClass, addTask, startWorker } = await play(2);
  const { subscriptions, offered } = startWorker(2, [queueClass]);
  await dispatcher.see(queueClass, { consumers: 1 });
  subscriptions.update({ version: 3, classes: [otherClass] });
  await dispatcher.see(queueClass, { consumers: 0 }, 500);
  await dispatcher.see(otherClass, { consumers: 1 }, 500);
  subscriptions.update({ version: 2, classes: [queueClass] });
  await addTask(otherClass);
  await eventually(() => expect(offered).toHaveLength(1));
  subscriptions.update({ version: 4, classes: [] });
  await dispatcher.seeWorkers({ consumers: 0 });
});

test('a class without a queue disturbs no other, and is consumed soon after it got one', async () => {
  const { dispatcher, queueClass, addTask, startWorker } = await play();
  const later = newClass();
  const { offered, reached } = startWorker(3, [later, queueClass]);
  await addTask();
  await eventually(() => expect(offered).toHaveLength(1));
  await dispatcher.broker.declareClass(later);
  await addTask(later);
  await eventually(() => expect(offered).toHaveLength(2));
  expect(reached).toEqual([true]);
});

test('a queue that is deleted under a worker is consumed again when it is back, and what runs goes on', async () => {
  const { dispatcher, queueClass, addTask, startWorker } = await play();
  const { offered } = startWorker(2);
  await addTask();
  await eventually(() => expect(offered).toHaveLength(1));
  await dispatcher.channel.deleteQueue(`ffmill.tasks.${queueClass}`);
  await dispatcher.depth(queueClass);
  await addTask();
  await eventually(() => expect(offered).toHaveLength(2));
  for (const { slot } of offered) slot.release();
  await addTask();
  await eventually(() => expect(offered).toHaveLength(3));
});

test('a queue that may not be read costs the other ones nothing but a moment', async () => {
  const { dispatcher, queueClass, addTask, startWorker } = await play();
  const read = `^ffmill\\.(worker\\..*|control|tasks\\.${queueClass})$`;
  const write = '^ffmill\\.(worker\\..*|dead)$';
  const forbidden = await dispatcher.declareNew();
  await rabbit.control('set_permissions', 'worker', '^ffmill\\.worker\\..*', write, read);
  try {
    const { offered, reached } = startWorker(2, [forbidden, queueClass]);
    await addTask();
    await eventually(() => expect(offered).toHaveLength(1));
    expect(reached.length).toBeLessThanOrEqual(3);
  } finally {
    await rabbit.control('set_permissions', 'worker', '^ffmill\\.worker\\..*', write, '^ffmill\\..*');
  }
});

test('a worker that cannot claim lets its token go, and has the task all the same when it can', async () => {
  const { farm, dispatcher, queueClass, startWorker } = await play();
  const reachable = Promise.withResolvers<void>();
  farm.answerWith(async (_, signal) => {
    await Promise.race([reachable.promise, neverAnswered(_, signal)]);
    return { task: { task_id: farm.tasks.shift() } as never };
  });
  const { offered } = startWorker(1);
  farm.add();
  await dispatcher.token(queueClass);
  await eventually(() => expect(farm.claims).toHaveLength(1));
  await dispatcher.see(queueClass, { ready: 1, consumers: 0 });
  reachable.resolve();
  await eventually(() => expect(offered).toHaveLength(1));
});

test('a class of a hardware encoder is consumed while that has a slot, whatever the processors do', async () => {
  const { farm, dispatcher, queueClass, otherClass, addTask } = await play(2);
  const { offered, pools } = startWorkerOn(rabbit, farm, {
    ...{ slots: 1, classes: [queueClass], hardware: { nvenc: otherClass } },
  });
  await addTask(queueClass);
  await eventually(() => expect(offered).toHaveLength(1));
  await dispatcher.seeWorkers({ consumers: 1, held: 1 });
  await addTask(otherClass);
  await eventually(() => expect(offered).toHaveLength(2));
  await dispatcher.seeWorkers({ consumers: 0, held: 2 });
  expect([pools.of('cpu').free(), pools.of('nvenc').free()]).toEqual([0, 0]);
  await addTask(otherClass);
  offered[0]?.slot.release();
  await dispatcher.seeWorkers({ consumers: 1, held: 1 });
  expect(offered).toHaveLength(2);
  offered[1]?.slot.release();
  await eventually(() => expect(offered).toHaveLength(3));
});

test('a task that no token told of is found when a worker looks by itself, and all that wait behind it', async () => {
  const { farm, startWorker } = await play();
  const { offered } = startWorker(3, [], 100);
  farm.add();
  farm.add();
  await eventually(() => expect(offered).toHaveLength(2));
  expect(farm.claims[0]).toEqual({ claim_id: expect.any(String), pool: 'cpu' });
});

test('after all queues were purged, the tokens that are published again are enough', async () => {
  const { farm, dispatcher, queueClass, addTask, startWorker } = await play();
  const busy = startWorker(1);
  await addTask();
  await eventually(() => expect(busy.offered).toHaveLength(1));
  await addTask();
  await dispatcher.see(queueClass, { ready: 1 });
  await dispatcher.channel.purgeQueue(`ffmill.tasks.${queueClass}`);
  const free = startWorker(1);
  await dispatcher.token(queueClass); // the reconcile
  await eventually(() => expect(free.offered).toHaveLength(1));
  expect(farm.tasks).toEqual([]);
});

test('connections that the broker drops come back with their consumers; what runs goes on, and late acks hit nothing', async () => {
  const { farm, dispatcher, queueClass, addTask, startWorker } = await play();
  const worker = startWorker(1);
  await addTask();
  await eventually(() => expect(worker.offered).toHaveLength(1));
  await dropWorkers();
  await eventually(() => expect(worker.reached).toEqual([true, false, true]));
  await dispatcher.see(queueClass, { ready: 1, consumers: 0 }); // the token is the broker's again
  // Another worker gets it, and finds nothing to do for it.
  const other = startWorker(1);
  await eventually(() => expect(farm.claims).toHaveLength(2));
  await dispatcher.see(queueClass, { ready: 0 });
  expect(other.offered).toEqual([]);
  await other.downlink.stop();
  await addTask();
  worker.offered[0]?.slot.release(); // its ack is for a channel that is gone
  await eventually(() => expect(worker.offered).toHaveLength(2));
  await dispatcher.seeWorkers({ held: 1 });
  expect(worker.reached).toEqual([true, false, true]);
});

test('a channel on which the broker does not answer is given up for another one, and what runs goes on', async () => {
  const { queueClass, otherClass, addTask, startWorker } = await play(2);
  const worker = startWorker(2, [queueClass]);
  await addTask();
  await eventually(() => expect(worker.offered).toHaveLength(1));
  const isWorkers = 'rabbit_channel:info(Channel, [user]) == [{user, <<"worker">>}]';
  await rabbit.control('eval', `[sys:suspend(Channel) || Channel <- rabbit_channel:list(), ${isWorkers}].`);
  worker.subscriptions.update({ version: 2, classes: [queueClass, otherClass] });
  await addTask(otherClass);
  await eventually(() => expect(worker.offered).toHaveLength(2), 15_000); // 5 s of them are the patience with the broker
  expect(worker.reached).toEqual([true, false, true]);
});

test('a token that the broker takes back from an attempt that runs for long makes no second attempt', async () => {
  const { farm, dispatcher, addTask, startWorker } = await play();
  // What an operator may have set: evaluated with the tick of each channel, if the queue has no word of its own.
  await rabbit.control('eval', 'application:set_env(rabbit, channel_tick_interval, 200).');
  const hasty = newClass();
  const options = { ...CLASS_QUEUE_OPTIONS.arguments, 'x-consumer-timeout': 500 };
  await dispatcher.channel.assertQueue(`ffmill.tasks.${hasty}`, { durable: true, arguments: options });
  await dispatcher.channel.bindQueue(`ffmill.tasks.${hasty}`, 'ffmill.tasks', hasty);
  const worker = startWorker(2, [hasty]);
  await addTask(hasty);
  await eventually(() => expect(worker.offered).toHaveLength(1));
  // The channel is closed, opened again, the token comes once more, and there is nothing to claim for it.
  await eventually(() => expect(worker.reached).toEqual([true, false, true]), LONG_MS);
  await eventually(() => expect(farm.claims).toHaveLength(2));
  await dispatcher.seeWorkers({ consumers: 1, held: 0 });
  worker.offered[0]?.slot.release();
  await addTask(hasty);
  await eventually(() => expect(worker.offered).toHaveLength(2));
  expect(new Set(worker.offered.map(({ task }) => task.task_id)).size).toBe(2);
});

test('the queue of a class lets a worker hold its token, whatever the broker’s own limit is', async () => {
  const { dispatcher, addTask, startWorker } = await play();
  const limit = (ms: number) => rabbit.control('eval', `application:set_env(rabbit, consumer_timeout, ${ms}).`);
  await rabbit.control('eval', 'application:set_env(rabbit, channel_tick_interval, 200).');
  await limit(300);
  onTestFinished(() => limit(604_800_000).then(() => undefined));
  const worker = startWorker(1);
  await addTask();
  await eventually(() => expect(worker.offered).toHaveLength(1));
  // A queue without a word of its own, held by a channel that was opened later, is past its limit by then.
  const plain = await rabbit.channel('coordinator');
  const ended = new Promise((resolve) => plain.once('close', resolve));
  const { queue } = await plain.assertQueue('ffmill.test', { exclusive: true });
  await plain.consume(queue, () => {});
  await plain.bindQueue(queue, 'ffmill.events', 'test');
  plain.publish('ffmill.events', 'test', Buffer.from(''));
  await ended;
  await dispatcher.seeWorkers({ held: 1 });
  expect(worker.reached).toEqual([true]);
});

test('a drained worker keeps the tokens of what runs until that has ended, and nothing else', async () => {
  const { dispatcher, queueClass, addTask, startWorker } = await play();
  const worker = startWorker(2);
  await addTask();
  await eventually(() => expect(worker.offered).toHaveLength(1));
  await worker.downlink.stop();
  await addTask();
  await dispatcher.see(queueClass, { ready: 1 });
  await dispatcher.seeWorkers({ consumers: 0, held: 1 });
  worker.offered[0]?.slot.release();
  await dispatcher.seeWorkers({ consumers: 0, held: 0 });
  const again = worker.start();
  onTestFinished(() => again.stop());
  await eventually(() => expect(worker.offered).toHaveLength(2));
});

/** As an operator, or a node that goes down, ends connections: with a word to the client. */
async function dropWorkers(): Promise<void> {
  const lines = await rabbit.control('list_connections', 'pid', 'user');
  const workers = lines.split('\n').flatMap((line) => (line.endsWith('\tworker') ? [line.split('\t')[0] ?? ''] : []));
  for (const pid of workers) await rabbit.control('close_connection', pid, 'test');
}
