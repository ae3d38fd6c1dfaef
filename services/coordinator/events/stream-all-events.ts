import type { EventPlace } from '../../../shared/db/queries/find-event-place.ts';
import { findSettledPosition } from '../../../shared/db/queries/find-settled-position.ts';
import { readEventsBetween } from '../../../shared/db/queries/read-events-between.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { EventBody } from '../../../shared/wire/events.ts';
import type { EventHub } from './event-hub.ts';
import { formatEvent, HEARTBEAT, OPENING } from './format-event.ts';
import { COMMIT_LAG_MS } from './lagging-cursor.ts';
import { type EventMailbox, openMailbox } from './open-mailbox.ts';
import { createToldEvents } from './told-events.ts';

type AllStream = {
  /** The last event that the client has; `none`: it wants all there are; `now`: only what happens from now on. */
  readonly after: EventPlace | 'none' | 'now';
  readonly signal: AbortSignal;
  onTooSlow(): void;
};

type Sources = { readonly store: Store; readonly hub: EventHub };

const PAGE = 200;

/** The text of the stream of all events: each at least once, those of a job in order. */
export async function streamAllEvents({ store, hub }: Sources, stream: AllStream): Promise<AsyncGenerator<string>> {
  return tell(store, await openMailbox(hub, { jobId: null, ...stream }), stream);
}

async function* tell(store: Store, mailbox: EventMailbox, { after, signal }: AllStream): AsyncGenerator<string> {
  const told = createToldEvents();
  try {
    yield OPENING;
    if (after !== 'now')
      for await (const event of history(store, { after, settled: mailbox.settled, signal })) {
        told.add(event);
        yield formatEvent(event);
      }
    while (!signal.aborted) {
      const event = await mailbox.next();
      if (event === undefined) yield HEARTBEAT;
      else if (!told.has(event)) yield formatEvent(event);
    }
  } finally {
    mailbox.unsubscribe();
  }
}

type Span = { readonly after: EventPlace | 'none'; readonly settled: number; readonly signal: AbortSignal };

/**
 * What is stored: in pages as far as nothing can appear any more, then the youngest in one look, in which no event of a
 * job is missing that is older than another. What is committed later the hub tells.
 */
async function* history(store: Store, { after, settled, signal }: Span): AsyncGenerator<EventBody> {
  let position = after === 'none' ? 0 : await beginningAfter(store, after);
  while (position < settled && !signal.aborted) {
    const page = await readEventsBetween(store.db, { after: position, until: settled, limit: PAGE });
    for (const { event } of page) yield event;
    position = page.length < PAGE ? settled : (page.at(-1)?.position ?? settled);
  }
  for (const { event } of await readEventsBetween(store.db, { after: position })) yield event;
}

/** Where positions are drawn out of order, some below the client's last were not committed yet when it got that. */
async function beginningAfter(store: Store, { position, at }: EventPlace): Promise<number> {
  if (store.positionsAreOrdered) return position;
  return Math.min(position, await findSettledPosition(store.db, at - COMMIT_LAG_MS));
}
