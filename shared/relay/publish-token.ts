import type { Broker } from '../broker/broker.ts';
import { EXCHANGES } from '../broker/topology.ts';
import type { Token } from '../wire/tokens.ts';

/**
 * Publishes that a task of a class waits. Where the class has no queue (any more), that is made first.
 *
 * @throws AppError `broker_unavailable`: the reconcile publishes it later.
 */
export async function publishToken(broker: Broker, token: Omit<Token, 'v'>): Promise<void> {
  const publish = () =>
    broker.publish({
      exchange: EXCHANGES.tasks.name,
      routingKey: token.class,
      body: { v: 1, ...token } satisfies Token,
      persistent: true,
      mandatory: true,
    });
  try {
    await publish();
  } catch (error) {
    if (broker.state() !== 'up') throw error;
    // It was returned, most likely: queues go when nobody uses them, and a broker may have been wiped.
    await broker.declareClass(token.class);
    await publish();
  }
}

/** So many tokens of one class, side by side. @throws AppError `broker_unavailable`. */
export async function publishTokens(broker: Broker, queueClass: string, count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => publishToken(broker, { class: queueClass })));
}
