import type { Channel, ConsumeMessage } from 'amqplib';
import type { Logger } from '../runtime/logger.ts';
import { answerInTime } from './answer-in-time.ts';
import { brokerUnavailable, replyCode } from './broker-unavailable.ts';
import type { Burial } from './bury-message.ts';
import { keepChannel } from './keep-channel.ts';
import { readDelivery } from './listen-on-queue.ts';
import { onOwnChannel } from './on-own-channel.ts';
import type { BrokerConnection } from './open-connection.ts';
import { classQueue } from './topology.ts';
import type { ChannelHooks, ConsumerHooks, TokenChannel, TokenConsumer, TokenDelivery } from './worker-link.ts';

type Needs = { readonly connection: BrokerConnection; readonly log: Logger; readonly bury: Burial['bury'] };

const ACCESS_REFUSED = 403;
const NOT_FOUND = 404;
/** To consume what one may not read costs the channel, and with it the tokens that are held: not often, then. */
const FORBIDDEN_MS = 60_000;

/** The one channel of a worker's consumers: see WorkerLink. */
export function openTokenChannel({ connection, log, bury }: Needs, { onOpen, onLost }: ChannelHooks): TokenChannel {
  /** Queues that were there; looked for once, because who consumes a queue that is not there loses the channel. */
  const known = new Set<string>();
  const forbiddenUntil = new Map<string, number>();
  let held = 0;
  let retired = false;

  const kept = keepChannel<Channel>(connection, log, {
    purpose: 'tokens',
    create: (model) => model.createChannel(),
    prepare: async () => known.clear(),
    onChange(channel) {
      held = 0;
      if (channel !== undefined) return onOpen();
      onLost();
      endIfDone();
    },
  });

  function endIfDone(): void {
    if (retired && held === 0) void kept.close();
  }

  async function isThere(queue: string): Promise<boolean> {
    if (performance.now() < (forbiddenUntil.get(queue) ?? 0)) return false;
    if (known.has(queue)) return true;
    try {
      await onOwnChannel(connection, queue, (channel) => channel.checkQueue(queue));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return false;
    }
    known.add(queue);
    return true;
  }

  /** Nobody knows what is consumed on a channel where a question failed; a refusal has closed it already. */
  function answeredOn<Answer>(channel: Channel, what: string, answer: Promise<Answer>): Promise<Answer> {
    return answerInTime(what, answer).catch((error: unknown) => {
      kept.giveUp(channel);
      throw error;
    });
  }

  /** What is held counts for the channel that delivered it, and for no later one. */
  function holdOn(channel: Channel) {
    held += 1;
    return () => {
      if (kept.current() !== channel) return;
      held -= 1;
      endIfDone();
    };
  }

  return {
    async consume(queueClass, prefetch, hooks) {
      const queue = classQueue(queueClass);
      if (!(await isThere(queue))) return undefined;
      const channel = kept.current();
      if (channel === undefined) throw brokerUnavailable('the channel for tokens is being opened');
      const answered: Answered = (what, answer) => answeredOn(channel, what, answer);
      return await startConsumer(
        { channel, queueClass, prefetch, bury, log, answered, hold: () => holdOn(channel) },
        {
          ...hooks,
          onEnd() {
            known.delete(queue);
            hooks.onEnd();
          },
        },
      ).catch((error: unknown) => {
        known.delete(queue);
        if (refusalCode(error) === ACCESS_REFUSED) forbiddenUntil.set(queue, performance.now() + FORBIDDEN_MS);
        if (isRefusal(error)) return undefined;
        throw error;
      });
    },
    retire() {
      retired = true;
      endIfDone();
    },
  };
}

type Answered = <Answer>(what: string, answer: Promise<Answer>) => Promise<Answer>;

type Starting = {
  readonly channel: Channel;
  readonly queueClass: string;
  readonly prefetch: number;
  readonly log: Logger;
  readonly bury: Burial['bury'];
  /** Gives the channel up when there is no answer. */
  readonly answered: Answered;
  /** Counts a delivery; what it returns is called when that is settled. */
  hold(): () => void;
};

async function startConsumer(starting: Starting, { onDelivery, onEnd }: ConsumerHooks): Promise<TokenConsumer> {
  const { channel, queueClass, prefetch, answered } = starting;
  let unsettled = 0;
  const hear = (message: ConsumeMessage | null) => {
    if (message === null) return onEnd();
    const release = starting.hold();
    unsettled += 1;
    onDelivery(
      deliveryOf(starting, message, () => {
        unsettled -= 1;
        release();
      }),
    );
  };
  // Both at once: no other consumer's prefetch may come between. It holds for consumers that are started after it.
  const set = channel.prefetch(prefetch);
  const started = channel.consume(classQueue(queueClass), hear);
  const [, { consumerTag }] = await answered(`consuming ${classQueue(queueClass)}`, Promise.all([set, started]));
  return {
    room: () => prefetch - unsettled,
    async cancel() {
      await answered('ending a consumer', channel.cancel(consumerTag));
    },
  };
}

function deliveryOf(starting: Starting, message: ConsumeMessage, onSettled: () => void): TokenDelivery {
  const { channel, queueClass, bury, log } = starting;
  let settled = false;

  function settle(say: () => void): void {
    if (settled) return;
    settled = true;
    try {
      say();
    } catch {
      // The channel is gone, and the token is the broker's again. An ack on another channel would hit another token.
    }
    onSettled();
  }

  return {
    ...{ queueClass, body: readDelivery(message).body },
    ack: () => settle(() => channel.ack(message)),
    requeue: () => settle(() => channel.nack(message, false, true)),
    async bury(reason) {
      try {
        await bury(message, reason);
        settle(() => channel.ack(message));
      } catch (error) {
        log.warn({ err: error, reason }, 'dead letter not published');
        settle(() => channel.nack(message, false, false)); // the queue's own dead-letter exchange takes it
      }
    },
  };
}

function refusalCode(error: unknown): number | undefined {
  return replyCode(error instanceof Error ? error.cause : undefined);
}

function isRefusal(error: unknown): boolean {
  const code = refusalCode(error);
  return code === NOT_FOUND || code === ACCESS_REFUSED;
}
