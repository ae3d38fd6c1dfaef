import type { EventBody } from '../wire/events.ts';

/** Tells this process what its own transactions wrote, right after they committed. A nudge: the rows are the truth. */
export type CommittedEvents = {
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: EventBody) => void): () => void;
  publish(events: readonly EventBody[]): void;
};

/** One for each store. Listeners are called one after the other and must not throw. */
export function createCommittedEvents(): CommittedEvents {
  const listeners = new Set<(event: EventBody) => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish(events) {
      for (const event of events) for (const listener of listeners) listener(event);
    },
  };
}
