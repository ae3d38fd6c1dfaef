import type { ChannelModel, ConfirmChannel, Message } from 'amqplib';
import type { Logger } from '../runtime/logger.ts';
import type { BrokerState } from './broker.ts';
import { brokerUnavailable } from './broker-unavailable.ts';
import { keepChannel } from './keep-channel.ts';
import type { BrokerConnection } from './open-connection.ts';

/** A message as bytes. */
export type RawMessage = {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly persistent: boolean;
  readonly mandatory: boolean;
  readonly messageId?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Publisher = {
  state(): BrokerState;
  /** Resolves with the broker's word. @throws AppError `broker_unavailable`. */
  publish(message: RawMessage): Promise<void>;
};

type Needs = {
  readonly connection: BrokerConnection;
  readonly log: Logger;
  /** Makes sure of what is published to, on each connection and whenever the broker closed the channel. */
  prepare(model: ChannelModel): Promise<void>;
  onState(state: BrokerState): void;
  /** How a message fared that the broker was there for. */
  onEnd?(message: RawMessage, timedOut: boolean): void;
};

/** A quorum queue that lost its leader confirms within about 2 s; who waits longer has a broker in trouble. */
const CONFIRM_TIMEOUT_MS = 5_000;

/** Publishes with confirms. Several messages may be under way; none is kept for later. */
export function createPublisher({ connection, log, prepare, onState, onEnd }: Needs): Publisher {
  const pending = new Map<string, (error?: Error) => void>();
  const returned = new Set<string>();
  let channel: ConfirmChannel | undefined;
  let blocked = false;
  let count = 0;

  const state = (): BrokerState => (channel === undefined ? 'down' : blocked ? 'blocked' : 'up');

  /** Nobody knows what becomes of the messages under way: they are as good as not published. */
  function failAll(why: string): void {
    for (const end of pending.values()) end(brokerUnavailable(why));
  }

  keepChannel(connection, log, {
    purpose: 'publish',
    create: (model) => model.createConfirmChannel(),
    async prepare(opened, model) {
      await prepare(model);
      // Comes before the confirm, which an unroutable message gets all the same.
      opened.on('return', ({ properties }: Message) => {
        const id = String(properties.correlationId);
        if (pending.has(id)) returned.add(id);
      });
    },
    onChange(current) {
      channel = current;
      if (current === undefined) failAll('the channel was lost before the confirm');
      onState(state());
    },
  });
  connection.onChange(() => {
    blocked = false; // a new connection is told anew
  });
  connection.onBlocked((now) => {
    blocked = now;
    if (now) failAll('the broker takes no messages: a memory or disk alarm');
    onState(state());
  });

  function send(on: ConfirmChannel, message: RawMessage): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    count += 1;
    const id = String(count);
    const end = (error?: Error) => {
      clearTimeout(timer);
      pending.delete(id);
      returned.delete(id);
      if (error === undefined) resolve();
      else reject(error);
    };
    const tooLate = () => {
      onEnd?.(message, true);
      end(brokerUnavailable(`no confirm within ${CONFIRM_TIMEOUT_MS / 1000} s`));
    };
    const timer = setTimeout(tooLate, CONFIRM_TIMEOUT_MS);
    pending.set(id, end);
    const { exchange, routingKey, content, ...properties } = message;
    const options = { ...properties, correlationId: id, contentType: 'application/json' };
    try {
      on.publish(exchange, routingKey, content, options, (refused: unknown) => {
        if (refused) end(brokerUnavailable('the broker did not take the message', refused));
        else if (returned.has(id)) end(brokerUnavailable(`no queue takes ${routingKey} from ${exchange}`));
        else {
          onEnd?.(message, false);
          end();
        }
      });
    } catch (error) {
      end(brokerUnavailable('not published', error)); // the channel is closing right now
    }
    return promise;
  }

  return {
    state,
    async publish(message) {
      if (channel === undefined) throw brokerUnavailable('there is no connection to the broker');
      if (blocked) throw brokerUnavailable('the broker takes no messages: a memory or disk alarm');
      await send(channel, message);
    },
  };
}
