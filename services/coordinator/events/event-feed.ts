import type { Broker } from '../../../shared/broker/broker.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { type EventBody, eventBody } from '../../../shared/wire/events.ts';
import { createRecentIds } from './recent-ids.ts';

/**
 * News as it comes: what this process committed, and what others tell through the broker. Each is told once as far as
 * is remembered, but any may be missing or overtaken by another: the log is the truth.
 */
export type EventFeed = {
  /** Returns the function that ends it. The listener must not throw. */
  listen(listener: (event: EventBody) => void): () => void;
};

type Sources = { readonly store: Store; readonly broker: Broker | undefined; readonly log: Logger };

/** What this process publishes comes back from the broker within a second or two, unless that is in trouble. */
const REMEMBERED = 20_000;

export function createEventFeed({ store, broker, log }: Sources): EventFeed {
  const listeners = new Set<(event: EventBody) => void>();
  const isNew = createRecentIds(REMEMBERED);
  const tell = (event: EventBody) => {
    if (isNew(event.id)) for (const listener of listeners) listener(event);
  };
  store.events.subscribe(tell);
  broker?.watchEvents(({ body, routingKey }) => {
    const parsed = eventBody.safeParse(body);
    if (parsed.success) tell(parsed.data);
    else log.warn({ routingKey }, 'the broker brought something that is no event');
  });
  return {
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
