import type { Broker, BrokerState, Delivery, Outgoing } from '../../shared/broker/broker.ts';
import { AppError } from '../../shared/errors.ts';
import type { ControlMessage } from '../../shared/wire/control.ts';
import type { EventBody } from '../../shared/wire/events.ts';
import type { Token } from '../../shared/wire/tokens.ts';

/**
 * A broker in memory that keeps the promises of the real one as far as coordinators and janitors rely on them, and can
 * be taken away, blocked, wiped and made to refuse. Any number of processes may be connected.
 */
export class FakeBroker {
  /** Tokens that wait, by class; a class without a queue is missing. */
  readonly queues = new Map<string, Token[]>();
  /** All that was taken, in order. */
  readonly taken: Outgoing[] = [];
  deadLetters = 0;
  /** Refuses a message by throwing; may keep it waiting. */
  beforeTaking: (message: Outgoing) => Promise<void> | void = () => {};
  /** Whether an event reaches the watchers. */
  tellsWatchers: (event: EventBody) => boolean = () => true;
  #state: BrokerState = 'up';
  readonly #stateListeners = new Set<(state: BrokerState) => void>();
  readonly #watchers = new Set<(delivery: Delivery) => void>();

  set state(state: BrokerState) {
    this.#state = state;
    for (const listener of this.#stateListeners) listener(state);
  }

  /** A connection to it. */
  connect(): Broker {
    const watching = new Set<(delivery: Delivery) => void>();
    return {
      state: () => this.#state,
      onState: (listener) => {
        this.#stateListeners.add(listener);
        return () => this.#stateListeners.delete(listener);
      },
      publish: (message) => this.#take(message),
      declareClass: async (queueClass) => {
        this.#requireUp();
        const queue = this.queues.get(queueClass) ?? [];
        this.queues.set(queueClass, queue);
        return { ready: queue.length, consumers: 0 };
      },
      countDead: async () => this.deadLetters,
      watchEvents: (listener) => {
        watching.add(listener);
        this.#watchers.add(listener);
      },
      close: async () => {
        for (const listener of watching) this.#watchers.delete(listener);
      },
    };
  }

  async #take(message: Outgoing): Promise<void> {
    this.#requireUp();
    await this.beforeTaking(message);
    const body = JSON.parse(JSON.stringify(message.body)) as unknown;
    if (message.exchange === 'ffmill.tasks') {
      const queue = this.queues.get(message.routingKey);
      if (!queue && message.mandatory) throw new AppError('broker_unavailable', 'unroutable');
      queue?.push(body as Token);
    }
    this.taken.push(message);
    if (message.exchange !== 'ffmill.events' || !this.tellsWatchers(body as EventBody)) return;
    for (const watcher of this.#watchers) watcher({ routingKey: message.routingKey, body, redelivered: false });
  }

  #requireUp(): void {
    if (this.#state !== 'up') throw new AppError('broker_unavailable', `the broker is ${this.#state}`);
  }

  get events(): EventBody[] {
    return this.#bodiesTo('ffmill.events');
  }

  get control(): { to: string; message: ControlMessage }[] {
    const sent = this.taken.filter(({ exchange }) => exchange === 'ffmill.control');
    return sent.map(({ routingKey, body }) => ({ to: routingKey, message: body as ControlMessage }));
  }

  /** How many tokens wait, by class. */
  get ready(): Record<string, number> {
    return Object.fromEntries([...this.queues].map(([name, tokens]) => [name, tokens.length]));
  }

  #bodiesTo<Body>(to: string): Body[] {
    return this.taken.filter(({ exchange }) => exchange === to).map(({ body }) => body as Body);
  }
}
