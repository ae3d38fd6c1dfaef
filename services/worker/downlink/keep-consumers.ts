import type { TokenChannel, TokenConsumer, TokenDelivery } from '../../../shared/broker/worker-link.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { planConsumers } from './plan-consumers.ts';

type Keeping = {
  readonly channel: Pick<TokenChannel, 'consume'>;
  readonly log: Logger;
  /** The classes that are wanted now, each with the free slots of its pool. */
  wanted(): ReadonlyMap<string, number>;
  onDelivery(delivery: TokenDelivery): void;
  /** The consumers are as wanted: when no slot is free, there are none. */
  onAdjusted(): void;
};

export type Consumers = {
  /** Something changed: the consumers are brought to what is wanted. Many calls of one moment make one pass. */
  adjust(): void;
  /** The channel is gone, and with it all of them. */
  forget(): void;
  /** Resolves when the passes that were asked for so far are over. */
  adjusted(): Promise<void>;
};

/** A queue that is not there may be declared any moment; one that was deleted is, by the next reconcile. */
const MISSING_MS = 1_000;

/** Keeps one consumer per wanted class, one pass of changes at a time. */
export function keepConsumers({ channel, log, wanted, onDelivery, onAdjusted }: Keeping): Consumers {
  let consumers = new Map<string, TokenConsumer>();
  const missing = new Map<string, NodeJS.Timeout>();
  let asked = false;
  let running = false;
  let lastPasses: Promise<void> = Promise.resolve();

  async function passWhileAsked(): Promise<void> {
    running = true;
    while (asked) {
      asked = false;
      // Fails with the channel: `forget` tells what becomes of that, and the next channel begins with another pass.
      await pass().catch((error: unknown) => log.debug({ err: error }, 'consumers not changed'));
      if (!asked) onAdjusted();
    }
    running = false;
  }

  async function pass(): Promise<void> {
    const free = new Map([...wanted()].filter(([name]) => !missing.has(name)));
    const rooms = new Map([...consumers].map(([name, consumer]) => [name, consumer.room()]));
    const plan = planConsumers({ free, rooms });
    await Promise.all(plan.cancel.map(cancel));
    await Promise.all(plan.consume.map((name) => start(name, free.get(name) ?? 1)));
  }

  async function cancel(name: string): Promise<void> {
    const consumer = consumers.get(name);
    consumers.delete(name);
    await consumer?.cancel();
  }

  async function start(name: string, prefetch: number): Promise<void> {
    const among = consumers;
    let ended = false;
    const onEnd = () => {
      ended = true;
      if (among !== consumers) return;
      consumers.delete(name);
      tryLater(name);
    };
    const consumer = await channel.consume(name, prefetch, { onDelivery, onEnd }).catch((error: unknown) => {
      log.debug({ err: error }, 'consumer not started');
    });
    if (among !== consumers || ended) return;
    if (consumer === undefined) tryLater(name);
    else consumers.set(name, consumer);
  }

  function tryLater(name: string): void {
    clearTimeout(missing.get(name));
    const again = () => {
      missing.delete(name);
      adjust();
    };
    missing.set(name, setTimeout(again, MISSING_MS).unref());
  }

  function adjust(): void {
    asked = true;
    if (!running) lastPasses = passWhileAsked();
  }

  return {
    adjust,
    forget() {
      consumers = new Map();
    },
    adjusted: () => lastPasses,
  };
}
