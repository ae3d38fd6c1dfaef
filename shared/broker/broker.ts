/** One message to be published. */
export type Outgoing = {
  readonly exchange: string;
  readonly routingKey: string;
  /** Sent as JSON. */
  readonly body: unknown;
  /** Survives a restart of the broker. */
  readonly persistent: boolean;
  /** Must reach a queue: one that reaches none counts as not published. */
  readonly mandatory: boolean;
  readonly messageId?: string;
};

/** A message as it came. `body` is what JSON made of it; `undefined` when it is not JSON. */
export type Delivery = {
  readonly routingKey: string;
  readonly body: unknown;
  readonly redelivered: boolean;
};

/** `blocked`: connected, but an alarm of the broker (memory, disk) keeps it from taking messages. */
export type BrokerState = 'up' | 'blocked' | 'down';

/**
 * What the broker holds of a class: messages that wait for a worker, and consumers. A consumer that has ended is counted
 * until its last message is settled, so that `consumers` says little about who could take one.
 */
export type QueueDepth = { readonly ready: number; readonly consumers: number };

/**
 * A coordinator's or janitor's connections to RabbitMQ: one to publish, one to consume, so that a blocked publisher
 * never holds up a consumer. They come back by themselves, and with them topology and consumers. Nothing is buffered
 * while they are away: the rows are the buffer.
 */
export type Broker = {
  state(): BrokerState;
  /** Called with every change. Returns the function that ends it. */
  onState(listener: (state: BrokerState) => void): () => void;
  /**
   * Resolves when the broker has confirmed the message (and, `mandatory`, put it into a queue).
   *
   * @throws AppError `broker_unavailable`: not published, or nobody knows: down, blocked, refused, unroutable, timed
   *   out. At once when the state is not `up`.
   */
  publish(message: Outgoing): Promise<void>;
  /** Makes sure that the class has its queue, bound, and says what is in it. @throws AppError `broker_unavailable`. */
  declareClass(queueClass: string): Promise<QueueDepth>;
  /** How many messages nobody could handle lie in `ffmill.dead`. @throws AppError `broker_unavailable`. */
  countDead(): Promise<number>;
  /**
   * Listens to all status events, on a queue of its own that goes with the connection. What happened while it was away
   * is not told: the database knows.
   */
  watchEvents(listener: (delivery: Delivery) => void): void;
  close(): Promise<void>;
};
