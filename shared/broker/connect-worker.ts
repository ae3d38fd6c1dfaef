import type { Logger } from '../runtime/logger.ts';
import { createBurial } from './bury-message.ts';
import type { BrokerConfig } from './config.ts';
import { keepChannel } from './keep-channel.ts';
import { listenOnQueue } from './listen-on-queue.ts';
import { openConnection } from './open-connection.ts';
import { openTokenChannel } from './token-channel.ts';
import { controlQueue, EXCHANGES } from './topology.ts';
import type { WorkerLink } from './worker-link.ts';

type Dependencies = {
  readonly log: Logger;
  /** What the broker's own lists show the connection as, e.g. `worker node7`. */
  readonly name: string;
};

/** Returns at once and keeps connecting; never throws. The worker needs no more rights than to read what it is given. */
export function connectWorker(config: BrokerConfig, { log, name }: Dependencies): WorkerLink {
  const connection = openConnection(config, { log, name });
  const burial = createBurial(() => openConnection(config, { log, name: `${name} dead letters` }), log);
  let listening: { workerId: string; end(): void } | undefined;
  return {
    openTokenChannel: (hooks) => openTokenChannel({ connection, log, bury: burial.bury }, hooks),
    listenAs(workerId, listener) {
      if (listening?.workerId === workerId) return;
      listening?.end();
      const control = keepChannel(connection, log, {
        purpose: 'control',
        create: (model) => model.createChannel(),
        prepare: (channel) => listenOnQueue(channel, EXCHANGES.control.name, controlQueue(workerId), listener),
      });
      listening = { workerId, end: () => void control.close() };
    },
    async close() {
      await Promise.all([connection.close(), burial.close()]);
    },
  };
}
