import { type Offer, serves } from '../../job/queue-class.ts';
import type { Subscriptions } from '../../wire/workers.ts';
import type { Db } from '../store.ts';
import { listNeeds } from './list-needs.ts';

/** The classes that a worker may take. `now` is the list's version: it only rises. */
export async function listSubscriptions(db: Db, offer: Offer, now: number): Promise<Subscriptions> {
  const classes = [...(await listNeeds(db))];
  return { version: now, classes: classes.flatMap(([name, needs]) => (serves(offer, needs) ? [name] : [])) };
}
