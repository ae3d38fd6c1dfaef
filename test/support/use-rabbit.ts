import { type Channel, connect } from 'amqplib';
import { afterAll, beforeAll } from 'vitest';
import { type BrokerConfig, readBrokerConfig } from '../../shared/broker/config.ts';
import { type BrokerRole, type Rabbit, rabbitUrl, startRabbit } from './containers/start-rabbit.ts';

const START_MS = 120_000;

export type UsedRabbit = {
  url(role: BrokerRole): string;
  config(role: BrokerRole): BrokerConfig;
  /** Something to look and meddle with, on a connection of its own. */
  channel(role: BrokerRole): Promise<Channel>;
  /** What rabbitmqctl says. */
  control(...args: string[]): Promise<string>;
  /** All at once, but for what the broker had not written to its disk yet. */
  kill(): Promise<void>;
  /** In the middle of whatever it is doing. */
  killAtOnce(): Promise<void>;
  /** After a kill; resolves when it answers. */
  start(): Promise<void>;
  /** Ends all connections and forgets all that there was, but for the accounts. */
  wipe(): Promise<void>;
};

/** One RabbitMQ node in a container, for all tests of a file. */
export function useRabbit(): UsedRabbit {
  const ends: (() => Promise<unknown>)[] = [];
  let rabbit: Rabbit | undefined;

  beforeAll(async () => {
    rabbit = await startRabbit({ nodes: 1 });
  }, START_MS);

  afterAll(async () => {
    await Promise.all(ends.map((end) => end()));
    await rabbit?.stop();
  }, START_MS);

  function node() {
    const [first] = rabbit?.nodes ?? [];
    if (rabbit === undefined || first === undefined) throw new Error('RabbitMQ runs only while tests do');
    return { ...first, ready: rabbit.ready, addresses: rabbit.addresses };
  }

  const url = (role: BrokerRole) => rabbitUrl(node().addresses, role);
  const control = (...args: string[]) => node().exec('rabbitmqctl', '-q', ...args);
  return {
    url,
    config: (role) => readBrokerConfig({ FFMILL_AMQP_URL: url(role) }) as BrokerConfig,
    async channel(role) {
      const model = await connect(url(role), { noDelay: true });
      ends.push(() => model.close().catch(() => {}));
      model.on('error', () => {});
      const channel = await model.createChannel();
      channel.on('error', () => {});
      return channel;
    },
    control,
    async kill() {
      // Of its own accord it takes up to two seconds: what was declared last would be gone.
      await control('eval', 'mnesia:sync_log(), [dets:sync(Table) || Table <- dets:all()].');
      await node().kill();
    },
    killAtOnce: () => node().kill(),
    async start() {
      await node().start();
      await node().ready();
    },
    async wipe() {
      for (const command of ['stop_app', 'force_reset', 'start_app']) await control(command);
    },
  };
}
