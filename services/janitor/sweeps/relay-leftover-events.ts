import { relayLeftovers } from '../../../shared/relay/relay-events.ts';
import type { BrokerContext } from '../sweep.ts';

/** Whoever wrote an event is publishing it during this time. */
const OLD_MS = 1000;

/** Publishes events that their writer left behind: it died, or the broker was away. */
export async function relayLeftoverEvents({ store, broker }: Pick<BrokerContext, 'store' | 'broker'>): Promise<number> {
  if (broker.state() !== 'up') return 0;
  return relayLeftovers({ store, broker }, (await store.now()) - OLD_MS);
}
