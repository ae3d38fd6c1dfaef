import type { AttemptId } from '../../job/ids.ts';
import type { AttemptRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** The attempt of that id; undefined when there is none (any more). */
export async function findAttempt(db: Db, id: AttemptId): Promise<AttemptRow | undefined> {
  return attemptOfId(db, id).executeTakeFirst();
}

/** The query behind it, to be sent together with others. */
export function attemptOfId(db: Db, id: AttemptId) {
  return db.selectFrom('attempts').selectAll().where('id', '=', id);
}
