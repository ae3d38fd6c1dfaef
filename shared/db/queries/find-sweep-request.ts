import type { SweepRequestsTable } from '../schema.ts';
import type { Db } from '../store.ts';

/** A request for sweeps; undefined when it is gone. */
export async function findSweepRequest(db: Db, id: string): Promise<SweepRequestsTable | undefined> {
  return db.selectFrom('sweep_requests').selectAll().where('id', '=', id).executeTakeFirst();
}
