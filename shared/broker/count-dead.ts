import { onOwnChannel } from './on-own-channel.ts';
import type { BrokerConnection } from './open-connection.ts';
import { DEAD_QUEUE } from './topology.ts';

/** How many messages nobody could handle lie in `ffmill.dead`. @throws AppError `broker_unavailable`. */
export function countDead(connection: BrokerConnection): Promise<number> {
  return onOwnChannel(connection, `queue ${DEAD_QUEUE.name}`, async (channel) => {
    const { messageCount } = await channel.checkQueue(DEAD_QUEUE.name);
    return messageCount;
  });
}
