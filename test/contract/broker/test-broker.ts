import { onTestFinished } from 'vitest';
import type { Broker } from '../../../shared/broker/broker.ts';
import type { BrokerConfig } from '../../../shared/broker/config.ts';
import { connectBroker } from '../../../shared/broker/connect-broker.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { eventually } from '../../support/eventually.ts';

/** A coordinator's broker, closed when the test is over. */
export function openBroker(config: BrokerConfig, change: { deadQueueMs?: number } = {}): Broker {
  const level = process.env.FFMILL_LOG_LEVEL ?? 'silent';
  const broker = connectBroker(config, {
    log: createLogger({ level, name: 'test' }),
    name: 'coordinator@test',
    ...change,
  });
  onTestFinished(() => broker.close());
  return broker;
}

/** The same, connected. */
export async function connectedBroker(config: BrokerConfig): Promise<Broker> {
  const broker = openBroker(config);
  await untilState(broker, 'up');
  return broker;
}

export async function untilState(broker: Broker, wanted: ReturnType<Broker['state']>, withinMs = 5_000) {
  await eventually(() => {
    if (broker.state() !== wanted) throw new Error(`the broker is ${broker.state()}, not ${wanted}`);
  }, withinMs);
}

/** A token of a class, as the relay publishes it. */
export function tokenFor(queueClass: string, body: unknown = { v: 1, class: queueClass }) {
  return { exchange: 'ffmill.tasks', routingKey: queueClass, body, persistent: true, mandatory: true } as const;
}
