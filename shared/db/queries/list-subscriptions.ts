import { poolOfEncoders } from '../../job/pools.ts';
import { type Needs, serves } from '../../job/queue-class.ts';
import type { Subscriptions } from '../../wire/workers.ts';
import { offerOf, type WorkerRow } from '../rows.ts';
import type { Db } from '../store.ts';
import { listNeeds } from './list-needs.ts';

type Worker = Pick<WorkerRow, 'status' | 'drain' | 'registration'>;

/** Asks which classes a worker may take now. `now` is the list's version: it only rises. */
export async function listSubscriptions(db: Db, worker: Worker, now: number): Promise<Subscriptions> {
  return subscriptionsOf(worker, await listNeeds(db), now);
}

/**
 * The classes that a worker may take, of all that there are: none while it takes no work, whether it is drained,
 * quarantined or in error, because each token that it consumed would be lost to the others.
 */
export function subscriptionsOf(worker: Worker, needs: ReadonlyMap<string, Needs>, now: number): Subscriptions {
  if (worker.status !== 'online' || worker.drain === 1) return { version: now, classes: [] };
  const offer = offerOf(worker);
  const served = [...needs].filter(([, needed]) => serves(offer, needed));
  const pools = served
    .map(([name, { encoders }]) => [name, poolOfEncoders(encoders)] as const)
    .filter(([, pool]) => pool !== 'cpu');
  return {
    version: now,
    classes: served.map(([name]) => name),
    ...(pools.length > 0 && { pools: Object.fromEntries(pools) }),
  };
}
