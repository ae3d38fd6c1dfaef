import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';

/** Of the exchange, the queue and the key between them: an account of the farm may use no names but ours. */
const NAME = 'ffmill.bench';

/** What any dispatch by a broker costs at least: a confirmed message through a quorum queue, both ways through the VIP. */
export type BarePublish = {
  /** Milliseconds from the call until the message was delivered. Resolves when it is confirmed and acknowledged, too. */
  roundTrip(): Promise<number>;
  close(): Promise<void>;
};

export async function openBarePublish(url: string): Promise<BarePublish> {
  const publishing = await open(url);
  const consuming = await open(url);
  const sender: ConfirmChannel = await publishing.createConfirmChannel();
  const receiver = await consuming.createChannel();
  await receiver.assertExchange(NAME, 'direct');
  await receiver.assertQueue(NAME, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await receiver.bindQueue(NAME, NAME, NAME);
  await receiver.purgeQueue(NAME);
  let heard: (at: number) => void = () => {};
  await receiver.consume(NAME, (message) => {
    heard(performance.now());
    if (message) receiver.ack(message);
  });
  return {
    async roundTrip() {
      const delivered = new Promise<number>((resolve) => {
        heard = resolve;
      });
      const begun = performance.now();
      sender.publish(NAME, NAME, Buffer.from(JSON.stringify({ v: 1, class: 'bench' })), { persistent: true });
      const [at] = await Promise.all([delivered, sender.waitForConfirms()]);
      return at - begun;
    },
    async close() {
      await receiver.deleteQueue(NAME);
      await receiver.deleteExchange(NAME);
      await Promise.all([publishing.close(), consuming.close()]);
    },
  };
}

function open(url: string): Promise<ChannelModel> {
  return connect(url, { noDelay: true });
}
