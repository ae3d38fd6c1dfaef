import type { JobRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** For people, who type numbers: the job of that number; undefined when there is none (any more). */
export async function findJobByNumber(db: Db, number: number): Promise<JobRow | undefined> {
  return db.selectFrom('jobs').selectAll().where('number', '=', number).executeTakeFirst();
}
