import { expect, onTestFinished, test } from 'vitest';
import { openDownlinks } from '../../../services/worker/downlink/open-downlinks.ts';
import { createSubscriptions } from '../../../services/worker/downlink/subscriptions.ts';
import { createPools } from '../../../services/worker/pools.ts';
import { newId } from '../../../shared/job/ids.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { eventually } from '../../support/eventually.ts';
import { useRabbit } from '../../support/use-rabbit.ts';
import { dispatcherOn } from './amqp-rig.ts';
import { playFarm } from './play-farm.ts';

const rabbit = useRabbit();
/** For a broker to start on a busy machine. */
const LONG_MS = 60_000;

/** What a worker opens, with a broker that may be away for a moment only. */
function openedDownlinks(broker = rabbit.config('worker')) {
  const log = createLogger({ level: process.env.FFMILL_LOG_LEVEL ?? 'silent', name: 'test' });
  const downlinks = openDownlinks(broker, { log, name: 'worker test', patienceMs: 200 });
  onTestFinished(downlinks.close);
  return downlinks;
}

function startWorker(farm: ReturnType<typeof playFarm>, queueClass: string) {
  const { offered, needs } = farm.worker();
  const subscriptions = createSubscriptions();
  subscriptions.update({ version: 1, classes: [queueClass] });
  const downlink = openedDownlinks().start({ ...needs, subscriptions, pools: createPools({ cpu: 2 }) });
  onTestFinished(downlink.stop);
  return { offered };
}

const polls = ({ claims }: ReturnType<typeof playFarm>) => claims.filter(({ wait_seconds }) => wait_seconds);

test('without a broker a worker claims by long-poll; when it is back, by tokens alone', {
  timeout: 3 * LONG_MS,
}, async () => {
  const farm = playFarm();
  const dispatcher = await dispatcherOn(rabbit);
  const queueClass = await dispatcher.declareNew();
  const { offered } = startWorker(farm, queueClass);
  await dispatcher.see(queueClass, { consumers: 1 });
  // On a busy machine the first connection may have taken longer than this worker's patience.
  farm.claims.length = 0;
  farm.givenBack.length = 0;
  farm.add();
  await dispatcher.token(queueClass);
  await eventually(() => expect(offered).toHaveLength(1));
  expect(polls(farm)).toEqual([]);

  await rabbit.kill();
  farm.add();
  await eventually(() => expect(offered).toHaveLength(2));
  expect(polls(farm)).toHaveLength(1);
  for (const { slot } of offered) slot.release();
  await eventually(() => expect(polls(farm)).toHaveLength(2)); // the next one stands

  await rabbit.start();
  await eventually(() => expect(farm.givenBack).toEqual([polls(farm)[1]?.claim_id]), LONG_MS);
  farm.add();
  await eventually(() => dispatcher.token(queueClass), LONG_MS);
  await eventually(() => expect(offered).toHaveLength(3), LONG_MS);
  expect(polls(farm)).toHaveLength(2);
});

test('a worker that starts without a broker works at once, and a stop ends both ways', {
  timeout: 3 * LONG_MS,
}, async () => {
  const farm = playFarm();
  const dispatcher = await dispatcherOn(rabbit);
  const queueClass = await dispatcher.declareNew();
  await rabbit.kill();
  const { offered, needs } = farm.worker();
  const subscriptions = createSubscriptions();
  const pools = createPools({ cpu: 2 });
  const downlink = openedDownlinks().start({ ...needs, subscriptions, pools });
  farm.add();
  await eventually(() => expect(offered).toHaveLength(1));
  await downlink.stop();
  expect(pools.of('cpu').free()).toBe(1);
  await rabbit.start();
  await eventually(() => dispatcher.token(queueClass), LONG_MS);
  farm.add();
  subscriptions.update({ version: 1, classes: [queueClass] });
  await dispatcher.seeWorkers({ consumers: 0 });
  expect(offered).toHaveLength(1);
});

/** Says something on the control exchange again and again, until somebody heard it. */
async function nudgeUntil(heard: () => boolean, routingKey: string, content: string): Promise<void> {
  const channel = await rabbit.channel('coordinator');
  await eventually(async () => {
    channel.publish('ffmill.control', routingKey, Buffer.from(content));
    await channel.checkExchange('ffmill.control');
    if (!heard()) throw new Error('not heard');
  }, LONG_MS);
}

const WAKE = JSON.stringify({ v: 1, type: 'wake' });

test('what is said to a worker or to all is heard, after an outage too; what is no message is not', {
  timeout: 3 * LONG_MS,
}, async () => {
  await dispatcherOn(rabbit);
  const downlinks = openedDownlinks();
  const [id, otherId] = [newId(), newId()];
  const nudges: number[] = [];
  const others: number[] = [];
  downlinks.listenAs(id, () => void nudges.push(1));
  downlinks.listenAs(id, () => void others.push(1)); // the same worker: nothing changes
  openedDownlinks().listenAs(otherId, () => void others.push(1));
  const nudged = () => nudges.length > 0;
  await nudgeUntil(nudged, `worker.${id}`, WAKE);
  expect(others).toEqual([]);
  nudges.length = 0;
  await nudgeUntil(nudged, 'workers', JSON.stringify({ v: 1, type: 'cancel', attempts: [newId()] }));
  await nudgeUntil(() => others.length > 0, 'workers', WAKE);

  await rabbit.kill();
  await rabbit.start();
  nudges.length = 0;
  await nudgeUntil(nudged, `worker.${id}`, WAKE);

  const renamed = newId();
  others.length = 0;
  downlinks.listenAs(renamed, () => void others.push(1));
  await nudgeUntil(() => others.length > 0, `worker.${renamed}`, WAKE);
});

test('control messages that are not understood are dropped', async () => {
  await dispatcherOn(rabbit);
  const id = newId();
  const heard: string[] = [];
  openedDownlinks().listenAs(id, () => void heard.push('nudge'));
  const channel = await rabbit.channel('coordinator');
  const queue = `ffmill.worker.${id}`;
  await untilBound(queue);
  for (const nonsense of ['{', '{"v":2,"type":"wake"}', '{"v":1,"type":"explode"}', 'null', '{"v":1,"type":"cancel"}'])
    channel.publish('ffmill.control', `worker.${id}`, Buffer.from(nonsense));
  channel.publish('ffmill.control', `worker.${id}`, Buffer.from(WAKE));
  await eventually(() => expect(heard).not.toEqual([]));
  expect(heard).toEqual(['nudge']); // for the one that came after all the nonsense
});

/** Both keys, and the consumer. */
async function untilBound(queue: string): Promise<void> {
  await eventually(async () => {
    const queues = await rabbit.control('list_queues', 'name', 'consumers');
    expect(queues).toContain(`${queue}\t1`);
  }, LONG_MS);
}
