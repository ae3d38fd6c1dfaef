import type { Channel, ChannelModel } from 'amqplib';
import type { Logger } from '../runtime/logger.ts';
import { replyCode } from './broker-unavailable.ts';
import { DEAD_QUEUE, EXCHANGES } from './topology.ts';

const PRECONDITION_FAILED = 406;

const STEPS: readonly ((channel: Channel) => Promise<unknown>)[] = [
  ...Object.values(EXCHANGES).map(
    ({ name, type }) =>
      (channel: Channel) =>
        channel.assertExchange(name, type, { durable: true }),
  ),
  (channel) => channel.assertQueue(DEAD_QUEUE.name, DEAD_QUEUE.options),
  (channel) => channel.bindQueue(DEAD_QUEUE.name, EXCHANGES.dead.name, '#'),
];

/**
 * Makes sure that the exchanges and the dead queue are there. What exists otherwise than wanted (an operator may have
 * had reasons) is said and used as it is: only its absence would stop the farm.
 */
export async function declareTopology(model: ChannelModel, log: Logger): Promise<void> {
  let channel: Channel | undefined;
  for (const step of STEPS) {
    channel ??= await openQuietly(model);
    try {
      await step(channel);
    } catch (error) {
      if (replyCode(error) !== PRECONDITION_FAILED) throw error;
      log.error({ detail: String(error) }, 'broker has another topology');
      channel = undefined; // the refusal closed it
    }
  }
  await channel?.close();
}

async function openQuietly(model: ChannelModel): Promise<Channel> {
  const channel = await model.createChannel();
  channel.on('error', () => {}); // the step under way fails with it
  return channel;
}
