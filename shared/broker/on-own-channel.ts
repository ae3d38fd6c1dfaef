import type { Channel } from 'amqplib';
import { brokerUnavailable } from './broker-unavailable.ts';
import type { BrokerConnection } from './open-connection.ts';

const TIMEOUT_MS = 5_000;

/**
 * Asks the broker something that may be refused, on a channel made for the question: a refusal closes the channel, and
 * nobody else shall lose theirs by it.
 *
 * @throws AppError `broker_unavailable`, whose cause carries the broker's reply code if it gave one.
 */
export async function onOwnChannel<Answer>(
  connection: BrokerConnection,
  what: string,
  ask: (channel: Channel) => Promise<Answer>,
): Promise<Answer> {
  const model = connection.model();
  if (model === undefined) throw brokerUnavailable(`${what}: there is no connection to the broker`);
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  try {
    return await Promise.race([model.createChannel().then((channel) => askOn(channel, ask)), late]);
  } catch (cause) {
    throw brokerUnavailable(what, cause);
  } finally {
    clearTimeout(timer);
  }
}

async function askOn<Answer>(channel: Channel, ask: (channel: Channel) => Promise<Answer>): Promise<Answer> {
  channel.on('error', () => {}); // the question is answered with it
  try {
    return await ask(channel);
  } finally {
    void channel.close().catch(() => {}); // closed by the refusal, most likely
  }
}
