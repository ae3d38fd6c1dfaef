import type { QueueDepth } from './broker.ts';
import { onOwnChannel } from './on-own-channel.ts';
import type { BrokerConnection } from './open-connection.ts';
import { CLASS_QUEUE_OPTIONS, classQueue, EXCHANGES } from './topology.ts';

/**
 * Makes sure that the class has its queue, bound, and says what is in it.
 *
 * @throws AppError `broker_unavailable`; with the reply code 406 in its cause when a queue of that name exists with other
 *   arguments. It holds nothing but tokens: once it is deleted, the next call makes it anew.
 */
export function declareClass(connection: BrokerConnection, queueClass: string): Promise<QueueDepth> {
  const queue = classQueue(queueClass);
  return onOwnChannel(connection, `queue ${queue}`, async (channel) => {
    const { messageCount, consumerCount } = await channel.assertQueue(queue, CLASS_QUEUE_OPTIONS);
    await channel.bindQueue(queue, EXCHANGES.tasks.name, queueClass);
    return { ready: messageCount, consumers: consumerCount };
  });
}
