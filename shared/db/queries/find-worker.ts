import type { WorkerId } from '../../job/ids.ts';
import type { WorkerRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** The worker of that id; undefined when there is none (any more). */
export async function findWorker(db: Db, id: WorkerId): Promise<WorkerRow | undefined> {
  return workerOfId(db, id).executeTakeFirst();
}

/** The query behind it, to be sent together with others. */
export function workerOfId(db: Db, id: WorkerId) {
  return db.selectFrom('workers').selectAll().where('id', '=', id);
}
