import { newId } from '../../job/ids.ts';
import type { SweepName } from '../../wire/sweeps.ts';
import type { Store } from '../store.ts';

/** Old requests are of no use to anybody. */
const KEPT_MS = 24 * 3_600_000;

/** Asks the janitor for a sweep, or (null) for all of them. Returns the id under which the result is going to be. */
export async function requestSweep(store: Store, sweep: SweepName | null): Promise<string> {
  return store.transaction(async (tx) => {
    const id: string = newId<never>(tx.now);
    await tx.db
      .deleteFrom('sweep_requests')
      .where('requested_at', '<', tx.now - KEPT_MS)
      .execute();
    await tx.db.insertInto('sweep_requests').values({ id, sweep, requested_at: tx.now }).execute();
    return id;
  });
}
