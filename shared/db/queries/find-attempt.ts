import type { AttemptId } from '../../job/ids.ts';
import type { AttemptRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** The attempt of that id; undefined when there is none (any more). */
export async function findAttempt(db: Db, id: AttemptId): Promise<AttemptRow | undefined> {
  return db.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirst();
}
