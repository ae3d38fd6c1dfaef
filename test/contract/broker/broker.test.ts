import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Channel } from 'amqplib';
import { expect, onTestFinished, test } from 'vitest';
import type { Delivery } from '../../../shared/broker/broker.ts';
import { openConnection } from '../../../shared/broker/open-connection.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { eventually } from '../../support/eventually.ts';
import { useRabbit } from '../../support/use-rabbit.ts';
import { connectedBroker, openBroker, tokenFor, untilState } from './test-broker.ts';

const rabbit = useRabbit();
const newClass = () => `test-${randomUUID()}`;
/** For a broker to start on a busy machine. */
const LONG_MS = 60_000;
const UNAVAILABLE = { code: 'broker_unavailable' };

test('a published message is in its queue when the promise resolves', async () => {
  const broker = await connectedBroker(rabbit.config('coordinator'));
  const queueClass = newClass();
  expect(await broker.declareClass(queueClass)).toEqual({ ready: 0, consumers: 0 });
  await broker.publish({ ...tokenFor(queueClass), messageId: 'm1' });
  expect(await broker.declareClass(queueClass)).toEqual({ ready: 1, consumers: 0 });
  const channel = await rabbit.channel('coordinator');
  const message = await channel.get(`ffmill.tasks.${queueClass}`);
  expect(message && JSON.parse(message.content.toString())).toEqual({ v: 1, class: queueClass });
  expect(message ? message.properties : undefined).toMatchObject({ messageId: 'm1', deliveryMode: 2 });
});

test('many messages at once are all confirmed', async () => {
  const broker = await connectedBroker(rabbit.config('janitor'));
  const queueClass = newClass();
  await broker.declareClass(queueClass);
  await Promise.all(Array.from({ length: 500 }, () => broker.publish(tokenFor(queueClass))));
  expect((await broker.declareClass(queueClass)).ready).toBe(500);
});

test('a mandatory message that no queue takes counts as not published, and harms no other', async () => {
  const broker = await connectedBroker(rabbit.config('coordinator'));
  const [queueClass, nobody] = [newClass(), newClass()];
  await broker.declareClass(queueClass);
  const ends = await Promise.allSettled(
    [queueClass, nobody, queueClass, nobody].map((name) => broker.publish(tokenFor(name))),
  );
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  await expect(broker.publish(tokenFor(nobody))).rejects.toMatchObject({
    ...UNAVAILABLE,
    message: expect.stringContaining(nobody),
  });
  await broker.publish({ ...tokenFor(nobody), mandatory: false });
});

test('a message to an exchange that is not there is not published, and the next ones are', async () => {
  const broker = await connectedBroker(rabbit.config('coordinator'));
  const queueClass = newClass();
  await broker.declareClass(queueClass);
  const lost = { ...tokenFor(queueClass), exchange: 'ffmill.nothing', mandatory: false };
  await expect(broker.publish(lost)).rejects.toMatchObject(UNAVAILABLE);
  await untilState(broker, 'up');
  await broker.publish(tokenFor(queueClass));
});

test('the queue of a class keeps what nobody may lose, and counts no deliveries', async () => {
  const broker = await connectedBroker(rabbit.config('coordinator'));
  const queueClass = newClass();
  await broker.declareClass(queueClass);
  const queues = await rabbit.control('list_queues', 'name', 'type', 'durable', 'arguments', '--formatter', 'json');
  const queue = (JSON.parse(queues) as { name: string; arguments: [string, string, unknown][] }[]).find(
    ({ name }) => name === `ffmill.tasks.${queueClass}`,
  );
  expect(queue).toMatchObject({ type: 'quorum', durable: true });
  const values = Object.fromEntries((queue?.arguments ?? []).map(([key, , value]) => [key, value]));
  expect(values).toEqual({
    'x-queue-type': 'quorum',
    'x-delivery-limit': -1,
    'x-expires': 86_400_000,
    'x-consumer-timeout': 604_800_000,
    'x-dead-letter-exchange': 'ffmill.dead',
  });
});

test('a queue that exists with other arguments is refused with a sentence, and nothing else suffers', async () => {
  const broker = await connectedBroker(rabbit.config('coordinator'));
  const [odd, queueClass] = [newClass(), newClass()];
  const channel = await rabbit.channel('coordinator');
  await channel.assertQueue(`ffmill.tasks.${odd}`, { durable: true, arguments: { 'x-queue-type': 'classic' } });
  const [refused, declared] = await Promise.allSettled([broker.declareClass(odd), broker.declareClass(queueClass)]);
  expect(refused).toMatchObject({
    status: 'rejected',
    reason: { ...UNAVAILABLE, message: expect.stringMatching(`ffmill.tasks.${odd}.*PRECONDITION_FAILED`) },
  });
  expect(declared.status).toBe('fulfilled');
  expect(broker.state()).toBe('up');
  await channel.deleteQueue(`ffmill.tasks.${odd}`);
  await broker.declareClass(odd);
});

test('a dead queue that an operator made otherwise is used as it is', async () => {
  const channel = await rabbit.channel('coordinator');
  const meddle = async (options: object) => {
    await channel.deleteQueue('ffmill.dead');
    await channel.assertQueue('ffmill.dead', options);
  };
  await connectedBroker(rabbit.config('coordinator'));
  await meddle({ durable: true, arguments: { 'x-queue-type': 'quorum', 'x-max-length': 5 } });
  const broker = await connectedBroker(rabbit.config('coordinator'));
  await broker.publish({ ...tokenFor('any'), exchange: 'ffmill.dead' });
  expect(await broker.countDead()).toBe(1);
  await channel.deleteQueue('ffmill.dead');
});

test('every coordinator hears every event', async () => {
  const brokers = await Promise.all([1, 2].map(() => connectedBroker(rabbit.config('coordinator'))));
  const heard: Delivery[][] = brokers.map((broker) => {
    const list: Delivery[] = [];
    broker.watchEvents((delivery) => void list.push(delivery));
    return list;
  });
  const event = { exchange: 'ffmill.events', routingKey: 'job.1.created', persistent: false, mandatory: false };
  await eventually(async () => {
    await brokers[0]?.publish({ ...event, body: { id: 'e1' } });
    for (const list of heard)
      expect(list).toContainEqual({ routingKey: 'job.1.created', body: { id: 'e1' }, redelivered: false });
  });
});

test.each([
  ['worker', 'ffmill.tasks'],
  ['worker', 'ffmill.control'],
  ['worker', 'ffmill.events'],
  ['watcher', 'ffmill.tasks'],
  ['watcher', 'ffmill.control'],
  ['watcher', 'ffmill.dead'],
] as const)('a %s may not publish to %s', async (role, exchange) => {
  await connectedBroker(rabbit.config('coordinator'));
  const channel = await rabbit.channel(role);
  const refused = once(channel, 'error') as Promise<[Error]>;
  channel.publish(exchange, 'any', Buffer.from('{}'));
  expect((await refused)[0].message).toContain('ACCESS_REFUSED');
});

test('a worker may neither make the queue of a class nor listen to what is said to others', async () => {
  const broker = await connectedBroker(rabbit.config('coordinator'));
  const queueClass = newClass();
  await broker.declareClass(queueClass);
  const denied = (ask: (channel: Channel) => Promise<unknown>) =>
    expect(rabbit.channel('worker').then(ask)).rejects.toThrow('ACCESS_REFUSED');
  await denied((channel) => channel.assertQueue(`ffmill.tasks.${newClass()}`));
  await denied((channel) => channel.deleteQueue(`ffmill.tasks.${queueClass}`));
  await denied((channel) => channel.purgeQueue('ffmill.dead'));
  await denied(async (channel) => {
    await channel.assertQueue('ffmill.worker.test', { exclusive: true });
    await channel.bindQueue('ffmill.worker.test', 'ffmill.events', '#');
  });
});

test('a memory alarm refuses messages at once, holds up nothing else, and ends by itself', async () => {
  const broker = await connectedBroker(rabbit.config('coordinator'));
  const queueClass = newClass();
  await broker.declareClass(queueClass);
  const states: string[] = [];
  broker.onState((state) => void states.push(state));
  await rabbit.control('set_vm_memory_high_watermark', '0');
  try {
    let slowest = 0;
    await eventually(async () => {
      const begun = performance.now();
      const ended = broker.publish(tokenFor(queueClass)).finally(() => {
        slowest = Math.max(slowest, performance.now() - begun);
      });
      await expect(ended).rejects.toThrow('takes no messages');
    }, 10_000);
    expect(slowest).toBeLessThan(2_000); // the one that was under way does not wait for its time-out
    expect(broker.state()).toBe('blocked');
    const asked = performance.now();
    await expect(broker.publish(tokenFor(queueClass))).rejects.toMatchObject(UNAVAILABLE);
    expect(performance.now() - asked).toBeLessThan(100);
    await broker.declareClass(queueClass);
  } finally {
    await rabbit.control('set_vm_memory_high_watermark', '0.6');
  }
  await untilState(broker, 'up', LONG_MS);
  await broker.publish(tokenFor(queueClass));
  expect(states).toEqual(['blocked', 'up']);
});

test('what is to be set up on each connection is, until that is ended', async () => {
  const log = createLogger({ level: 'silent', name: 'test' });
  const connection = openConnection(rabbit.config('watcher'), { log, name: 'set-up test' });
  onTestFinished(() => connection.close());
  const runs: string[] = [];
  connection.onEvery(async () => void runs.push('kept'));
  const end = connection.onEvery(async () => void runs.push('ended'));
  await eventually(() => expect(runs).toEqual(['kept', 'ended']));
  end();
  await rabbit.control('close_all_connections', 'test');
  await eventually(() => expect(runs).toEqual(['kept', 'ended', 'kept']));
});

test('without a broker nothing is waited for, and when it is back all goes on, from events to messages', {
  timeout: 3 * LONG_MS,
}, async () => {
  const broker = await connectedBroker(rabbit.config('coordinator'));
  const queueClass = newClass();
  await broker.declareClass(queueClass);
  const heard: Delivery[] = [];
  broker.watchEvents((delivery) => void heard.push(delivery));
  await rabbit.kill();
  await untilState(broker, 'down');
  const asked = performance.now();
  await expect(broker.publish(tokenFor(queueClass))).rejects.toMatchObject(UNAVAILABLE);
  await expect(broker.declareClass(queueClass)).rejects.toMatchObject(UNAVAILABLE);
  expect(performance.now() - asked).toBeLessThan(100);

  await rabbit.start();
  await untilState(broker, 'up', LONG_MS);
  expect(await broker.declareClass(queueClass)).toEqual({ ready: 0, consumers: 0 });
  await broker.publish(tokenFor(queueClass));
  await eventually(async () => {
    await broker.publish({ ...tokenFor('job.1.created', {}), exchange: 'ffmill.events', mandatory: false });
    expect(heard).not.toEqual([]);
  });
});

test('a queue that confirms nothing any more is made anew', { timeout: 3 * LONG_MS }, async () => {
  const broker = openBroker(rabbit.config('coordinator'), { deadQueueMs: 1_000 });
  await untilState(broker, 'up');
  const queueClass = newClass();
  await broker.declareClass(queueClass);
  await rabbit.killAtOnce();
  await rabbit.start();
  await untilState(broker, 'up', LONG_MS);
  await expect(broker.publish(tokenFor(queueClass))).rejects.toThrow('no confirm within');
  await eventually(async () => {
    await broker.declareClass(queueClass);
    await broker.publish(tokenFor(queueClass));
  }, LONG_MS);
});

test('a broker that lost everything gets its topology and its classes anew', { timeout: 3 * LONG_MS }, async () => {
  const broker = await connectedBroker(rabbit.config('coordinator'));
  const queueClass = newClass();
  await broker.declareClass(queueClass);
  await rabbit.wipe();
  await untilState(broker, 'up', LONG_MS);
  await expect(broker.publish(tokenFor(queueClass))).rejects.toMatchObject(UNAVAILABLE);
  await broker.declareClass(queueClass);
  await broker.publish(tokenFor(queueClass));
  expect(await broker.countDead()).toBe(0);
});

test('a broker that is not there yet is found when it comes', { timeout: 3 * LONG_MS }, async () => {
  await rabbit.kill();
  const broker = openBroker(rabbit.config('coordinator'));
  expect(broker.state()).toBe('down');
  await rabbit.start();
  await untilState(broker, 'up', LONG_MS);
  await broker.declareClass(newClass());
});
