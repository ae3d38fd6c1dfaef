import { randomUUID } from 'node:crypto';
import { expect, onTestFinished } from 'vitest';
import { startAmqp } from '../../../services/worker/downlink/amqp.ts';
import { createSubscriptions } from '../../../services/worker/downlink/subscriptions.ts';
import { createPools } from '../../../services/worker/pools.ts';
import { connectWorker } from '../../../shared/broker/connect-worker.ts';
import type { HardwarePool } from '../../../shared/job/pools.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { eventually } from '../../support/eventually.ts';
import type { UsedRabbit } from '../../support/use-rabbit.ts';
import { connectedBroker, tokenFor } from '../broker/test-broker.ts';
import type { playFarm } from './play-farm.ts';

export const newClass = () => `test-${randomUUID()}`;

/** A worker's AMQP downlink on a real broker, with the worker's rights. */
export function startWorkerOn(
  rabbit: UsedRabbit,
  farm: ReturnType<typeof playFarm>,
  {
    slots: slotCount,
    classes,
    hardware = {},
    lookMs = 3_600_000,
  }: {
    slots: number;
    classes: readonly string[];
    /** Classes of hardware encoders by their pool, each with one slot. */
    hardware?: Readonly<Partial<Record<HardwarePool, string>>>;
    lookMs?: number;
  },
) {
  const log = createLogger({ level: process.env.FFMILL_LOG_LEVEL ?? 'silent', name: 'test' });
  const link = connectWorker(rabbit.config('worker'), { log, name: 'worker test' });
  const subscriptions = createSubscriptions();
  const others = Object.entries(hardware);
  subscriptions.update({
    version: 1,
    classes: [...classes, ...others.map(([, name]) => name)],
    pools: Object.fromEntries(others.map(([pool, name]) => [name, pool as HardwarePool])),
  });
  const pools = createPools({ cpu: slotCount, ...Object.fromEntries(others.map(([pool]) => [pool, 1])) });
  const slots = pools.of('cpu');
  const reached: boolean[] = [];
  const worker = farm.worker();
  const start = () =>
    startAmqp({
      ...{ ...worker.needs, pools, link, subscriptions, log, lookMs },
      onReach: (now) => void reached.push(now),
    });
  const downlink = start();
  onTestFinished(async () => {
    await downlink.stop();
    await link.close();
  });
  return { downlink, start, link, pools, slots, subscriptions, reached, offered: worker.offered };
}

/** The coordinator's side: declares classes, publishes tokens, and sees what the queues hold. */
export async function dispatcherOn(rabbit: UsedRabbit) {
  const broker = await connectedBroker(rabbit.config('coordinator'));
  const channel = await rabbit.channel('coordinator');
  /** Ready messages and consumers. */
  const depth = (queueClass: string) => broker.declareClass(queueClass);
  return {
    broker,
    channel,
    depth,
    token: (queueClass: string, body?: unknown) => broker.publish(tokenFor(queueClass, body)),
    /** The queue looks like this. */
    see: (queueClass: string, wanted: { ready?: number; consumers?: number }, withinMs?: number) =>
      eventually(async () => expect(await depth(queueClass)).toMatchObject(wanted), withinMs),
    async declareNew(): Promise<string> {
      const queueClass = newClass();
      await broker.declareClass(queueClass);
      return queueClass;
    },
    /**
     * What the broker says of all workers' channels: consumers, and tokens they hold. A queue's own count of consumers
     * goes on counting one that ended until its tokens are settled.
     */
    async seeWorkers(wanted: { consumers?: number; held?: number }): Promise<void> {
      await eventually(async () => {
        const lines = await rabbit.control('list_channels', 'user', 'consumer_count', 'messages_unacknowledged');
        const channels = lines.split('\n').flatMap((line) => (line.startsWith('worker\t') ? [line.split('\t')] : []));
        const sum = (column: number) => channels.reduce((total, fields) => total + Number(fields[column]), 0);
        expect({ consumers: sum(1), held: sum(2) }).toMatchObject(wanted);
      });
    },
  };
}
