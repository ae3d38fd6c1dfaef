import type { Channel } from 'amqplib';
import { answerInTime } from './answer-in-time.ts';
import { brokerUnavailable } from './broker-unavailable.ts';
import type { BrokerConnection } from './open-connection.ts';

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
  const answer = model.createChannel().then((channel) => askOn(channel, ask));
  return await answerInTime(what, answer);
}

async function askOn<Answer>(channel: Channel, ask: (channel: Channel) => Promise<Answer>): Promise<Answer> {
  channel.on('error', () => {}); // the question is answered with it
  try {
    return await ask(channel);
  } finally {
    void channel.close().catch(() => {}); // closed by the refusal, most likely
  }
}
