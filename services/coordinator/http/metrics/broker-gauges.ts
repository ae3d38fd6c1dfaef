import type { Registry } from 'prom-client';
import type { Broker, BrokerState } from '../../../../shared/broker/broker.ts';
import { addGauge } from './gauge.ts';

const STATES: readonly BrokerState[] = ['up', 'blocked', 'down'];

/** How this coordinator's broker is. */
export function addBrokerGauges(broker: Broker, registers: Registry[]): void {
  addGauge(registers, 'ffmill_broker', '1 for the state in which the broker is', ['state'], async () =>
    STATES.map((state) => ({ state, count: broker.state() === state ? 1 : 0 })),
  );
  addGauge(registers, 'ffmill_dead_letters', 'Messages that nobody could handle', [], async () => [
    { count: await broker.countDead() },
  ]);
}
