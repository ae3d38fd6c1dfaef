import type { Broker } from '../broker/broker.ts';
import { EXCHANGES } from '../broker/topology.ts';
import { type EventBody, isPassingEvent } from '../wire/events.ts';
import { routingKeyOf } from './routing-key.ts';

/**
 * Publishes an event for whoever watches. Nobody need: an event without a watcher is published all the same.
 *
 * @throws AppError `broker_unavailable`.
 */
export async function publishEvent(broker: Broker, event: EventBody): Promise<void> {
  await broker.publish({
    exchange: EXCHANGES.events.name,
    routingKey: routingKeyOf(event),
    body: event,
    persistent: !isPassingEvent(event),
    mandatory: false,
    messageId: event.id,
  });
}
