import type { WorkerRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** All workers that were not forgotten, whatever their status, by name. */
export async function listWorkers(db: Db): Promise<WorkerRow[]> {
  return db.selectFrom('workers').selectAll().orderBy('name').execute();
}
