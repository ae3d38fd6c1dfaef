import type { Delivery } from './broker.ts';

/** A token that a worker holds. It is settled once, on the channel that delivered it: afterwards nothing happens. */
export type TokenDelivery = {
  readonly queueClass: string;
  /** What JSON made of it; `undefined` when it is not JSON. */
  readonly body: unknown;
  /** Done with it. */
  ack(): void;
  /** Back into the queue, for any worker. */
  requeue(): void;
  /** To the dead queue, with the reason. Never throws. */
  bury(reason: string): Promise<void>;
};

/** A worker's consumer of one class. */
export type TokenConsumer = {
  /** How many more tokens it may be given before one of its own is settled. */
  room(): number;
  /** Resolves when nothing more is delivered to it. @throws AppError `broker_unavailable`: its channel is gone. */
  cancel(): Promise<void>;
};

export type ConsumerHooks = {
  onDelivery(delivery: TokenDelivery): void;
  /** The broker ended it: the queue was deleted, or a token was held for too long. */
  onEnd(): void;
};

/** The one channel on which tokens come. It is opened again whenever the broker or the connection ended it. */
export type TokenChannel = {
  /**
   * Consumes a class. Undefined: there is no such queue (now), or this worker may not read it.
   *
   * @throws AppError `broker_unavailable`: the channel is gone, or was given up because the broker does not answer on
   *   it; `onOpen` tells when there is another.
   */
  consume(queueClass: string, prefetch: number, hooks: ConsumerHooks): Promise<TokenConsumer | undefined>;
  /** Ends it when the last token that was delivered on it is settled. */
  retire(): void;
};

export type ChannelHooks = {
  /** There is a channel, without consumers. */
  onOpen(): void;
  /** It is gone, with all its consumers, and what they had delivered is the broker's again. */
  onLost(): void;
};

/**
 * A worker's connection to RabbitMQ. It comes back by itself; a second one is opened only when there is something for
 * the dead queue, because a connection that publishes can be blocked.
 */
export type WorkerLink = {
  openTokenChannel(hooks: ChannelHooks): TokenChannel;
  /**
   * Listens to what is said on the control exchange to this worker and to all. Called again, e.g. because the worker
   * got another id, it replaces the former listener.
   */
  listenAs(workerId: string, listener: (message: Delivery) => void): void;
  close(): Promise<void>;
};
