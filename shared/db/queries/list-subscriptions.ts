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
  const classes = [...(await listNeeds(db))];
  return { version: now, classes: classes.flatMap(([name, needs]) => (serves(offer, needs) ? [name] : [])) };
}
