import { randomUUID } from 'node:crypto';
import type { Logger } from '../runtime/logger.ts';
import type { Broker, BrokerState, Delivery } from './broker.ts';
import { createClassQueues } from './class-queues.ts';
import type { BrokerConfig } from './config.ts';
import { countDead } from './count-dead.ts';
import { declareTopology } from './declare-topology.ts';
import { keepChannel } from './keep-channel.ts';
import { listenOnQueue } from './listen-on-queue.ts';
import { openConnection } from './open-connection.ts';
import { createPublisher } from './publisher.ts';
import { EXCHANGES, watchQueue } from './topology.ts';

type Dependencies = {
  readonly log: Logger;
  /** What the broker's own lists show the connections as, e.g. `coordinator@host`. */
  readonly name: string;
  /** How long a class's messages may time out before its queue is made anew; longer than any election takes. */
  readonly deadQueueMs?: number;
};

/**
 * Returns at once, in state `down`, and keeps connecting; never throws. `up` takes both connections: one publishes, and
 * on the other one, which no alarm of the broker holds up, classes are declared and events heard.
 */
export function connectBroker(config: BrokerConfig, { log, name, deadQueueMs = 15_000 }: Dependencies): Broker {
  const publishing = openConnection(config, { log, name: `${name} publish` });
  const consuming = openConnection(config, { log, name: `${name} consume` });
  const listeners = new Set<(state: BrokerState) => void>();
  let told: BrokerState = 'down';
  const tell = () => {
    const now = state();
    if (now === told) return;
    told = now;
    if (now === 'blocked') log.warn('broker takes no messages');
    for (const listener of listeners) listener(now);
  };
  const classes = createClassQueues(consuming, log, deadQueueMs);
  const publisher = createPublisher({
    ...{ connection: publishing, log },
    prepare: (model) => declareTopology(model, log),
    onState: tell,
    onEnd: classes.noteEnd,
  });
  const state = () => (consuming.model() === undefined ? 'down' : publisher.state());
  consuming.onChange(tell);
  return {
    state,
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    publish: ({ body, ...message }) =>
      publisher.publish({ ...message, content: Buffer.from(JSON.stringify(body), 'utf8') }),
    declareClass: classes.declare,
    countDead: () => countDead(consuming),
    watchEvents: (listener: (delivery: Delivery) => void) =>
      void keepChannel(consuming, log, {
        purpose: 'watch events',
        create: (model) => model.createChannel(),
        // Under a new name each time: the broker may not have noticed yet that the former connection is gone.
        prepare: (channel) => listenOnQueue(channel, EXCHANGES.events.name, watchQueue(randomUUID()), listener),
      }),
    async close() {
      await Promise.all([publishing.close(), consuming.close()]);
    },
  };
}
