import { poolOfEncoders } from '../../job/pools.ts';
import { serves } from '../../job/queue-class.ts';
import type { Subscriptions } from '../../wire/workers.ts';
import { offerOf, type WorkerRow } from '../rows.ts';
import type { Db } from '../store.ts';
import { listNeeds } from './list-needs.ts';

/**
 * The classes that a worker may take now: none while it takes no work, whether it is drained, quarantined or in error,
 * because each token that it consumed would be lost to the others. `now` is the list's version: it only rises.
 */
export async function listSubscriptions(
  db: Db,
  worker: Pick<WorkerRow, 'status' | 'drain' | 'registration'>,
  now: number,
): Promise<Subscriptions> {
  if (worker.status !== 'online' || worker.drain === 1) return { version: now, classes: [] };
  const offer = offerOf(worker);
  const served = [...(await listNeeds(db))].filter(([, needs]) => serves(offer, needs));
  const pools = served
    .map(([name, { encoders }]) => [name, poolOfEncoders(encoders)] as const)
    .filter(([, pool]) => pool !== 'cpu');
  return {
    version: now,
    classes: served.map(([name]) => name),
    ...(pools.length > 0 && { pools: Object.fromEntries(pools) }),
  };
}
