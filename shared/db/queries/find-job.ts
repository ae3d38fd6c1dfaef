import type { JobId } from '../../job/ids.ts';
import type { JobRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** The job of that id; undefined when there is none (any more). */
export async function findJob(db: Db, id: JobId): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
}
