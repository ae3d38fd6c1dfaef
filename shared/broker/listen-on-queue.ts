import type { Channel, ConsumeMessage } from 'amqplib';
import type { Delivery } from './broker.ts';

type OwnQueue = {
  readonly name: string;
  readonly options: object;
  readonly keys: readonly string[];
};

/**
 * Listens to an exchange on a queue of one's own that goes with the connection. What comes is not acknowledged: it only
 * tells what the database knows, and what nobody hears is not missed. When the broker ends the consumer, the channel is
 * closed, so that its keeper opens another.
 */
export async function listenOnQueue(
  channel: Channel,
  exchange: string,
  { name, options, keys }: OwnQueue,
  listener: (delivery: Delivery) => void,
): Promise<void> {
  await channel.assertQueue(name, options);
  for (const key of keys) await channel.bindQueue(name, exchange, key);
  const hear = (message: ConsumeMessage | null) => {
    if (message === null) channel.close().catch(() => {});
    else listener(readDelivery(message));
  };
  await channel.consume(name, hear, { noAck: true });
}

/** A message that is not JSON is a message, too: its body is undefined. */
export function readDelivery({ content, fields }: ConsumeMessage): Delivery {
  const { routingKey, redelivered } = fields;
  try {
    return { routingKey, redelivered, body: JSON.parse(content.toString('utf8')) as unknown };
  } catch {
    return { routingKey, redelivered, body: undefined };
  }
}
