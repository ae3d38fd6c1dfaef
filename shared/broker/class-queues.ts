import type { Logger } from '../runtime/logger.ts';
import type { QueueDepth } from './broker.ts';
import { brokerUnavailable } from './broker-unavailable.ts';
import { declareClass } from './declare-class.ts';
import { onOwnChannel } from './on-own-channel.ts';
import type { BrokerConnection } from './open-connection.ts';
import { classQueue, EXCHANGES } from './topology.ts';

export type ClassQueues = {
  declare(queueClass: string): Promise<QueueDepth>;
  /** Tells how a message fared, so that a queue that takes none any more is noticed. */
  noteEnd(message: { readonly exchange: string; readonly routingKey: string }, timedOut: boolean): void;
};

/**
 * The queues of classes, as a publisher sees them. When all nodes are killed within half a second of a quorum queue's
 * declaration, RabbitMQ (4.0) starts it afterwards as one that waits for a leader for ever: it can be declared and
 * looked at, but confirms nothing. A queue that let message after message time out, for `deadAfterMs` since the first of
 * them, is deleted, and made anew with the next declaration: it held nothing but tokens, and the reconcile publishes
 * those that are missing.
 */
export function createClassQueues(connection: BrokerConnection, log: Logger, deadAfterMs: number): ClassQueues {
  /** Since when a class's messages time out. */
  const silentSince = new Map<string, number>();
  const removals = new Map<string, Promise<void>>();

  async function remove(queueClass: string): Promise<void> {
    const queue = classQueue(queueClass);
    log.error({ queue }, 'queue confirms nothing: made anew');
    await onOwnChannel(connection, `deleting ${queue}`, (channel) => channel.deleteQueue(queue)).catch(
      (error: unknown) => log.warn({ err: error }, 'queue not deleted'),
    );
    silentSince.delete(queueClass);
    removals.delete(queueClass);
  }

  return {
    async declare(queueClass) {
      if (removals.has(queueClass)) throw brokerUnavailable(`queue ${classQueue(queueClass)} is being made anew`);
      return declareClass(connection, queueClass);
    },
    noteEnd({ exchange, routingKey }, timedOut) {
      if (exchange !== EXCHANGES.tasks.name) return;
      if (!timedOut) return void silentSince.delete(routingKey);
      const now = performance.now();
      const since = silentSince.get(routingKey) ?? now;
      silentSince.set(routingKey, since);
      const dead = now - since >= deadAfterMs;
      if (dead && !removals.has(routingKey)) removals.set(routingKey, remove(routingKey));
    },
  };
}
