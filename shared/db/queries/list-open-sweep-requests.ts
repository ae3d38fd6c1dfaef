import type { SweepRequestsTable } from '../schema.ts';
import type { Db } from '../store.ts';

/** Requests for sweeps that nobody has run yet, made after a moment (for older ones nobody waits), oldest first. */
export async function listOpenSweepRequests(db: Db, after: number): Promise<SweepRequestsTable[]> {
  return db
    .selectFrom('sweep_requests')
    .selectAll()
    .where('done_at', 'is', null)
    .where('requested_at', '>', after)
    .orderBy('requested_at')
    .execute();
}
