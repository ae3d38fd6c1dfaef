import type { ConsumeMessage } from 'amqplib';
import type { Logger } from '../runtime/logger.ts';
import type { BrokerConnection } from './open-connection.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { EXCHANGES } from './topology.ts';

/** Beside the message in the dead queue: why it is there. */
export const REASON_HEADER = 'x-ffmill-reason';

export type Burial = {
  /** Resolves when the dead queue has the message. @throws AppError `broker_unavailable`. */
  bury(message: ConsumeMessage, reason: string): Promise<void>;
  close(): Promise<void>;
};

const CONNECT_TIMEOUT_MS = 5_000;

/** Puts messages that no one could read where people find them. Connects with the first of them. */
export function createBurial(connect: () => BrokerConnection, log: Logger): Burial {
  let connection: BrokerConnection | undefined;
  let opened: Promise<Publisher> | undefined;

  function openPublisher(): Promise<Publisher> {
    const { promise, resolve } = Promise.withResolvers<Publisher>();
    const timer = setTimeout(() => resolve(publisher), CONNECT_TIMEOUT_MS);
    connection = connect();
    const publisher = createPublisher({
      ...{ connection, log },
      prepare: async () => {}, // a worker may not declare anything
      onState() {
        clearTimeout(timer);
        resolve(publisher);
      },
    });
    return promise;
  }

  return {
    async bury({ content, fields }, reason) {
      opened ??= openPublisher();
      await (await opened).publish({
        exchange: EXCHANGES.dead.name,
        routingKey: fields.routingKey,
        ...{ content, persistent: true, mandatory: true },
        headers: { [REASON_HEADER]: reason },
      });
    },
    async close() {
      await connection?.close();
    },
  };
}
