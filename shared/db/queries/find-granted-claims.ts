import type { AttemptId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/** Those of the claims that were given a task, by whichever coordinator, whose attempt has not ended. */
export async function findGrantedClaims(db: Db, claims: readonly AttemptId[]): Promise<ReadonlySet<AttemptId>> {
  if (claims.length === 0) return new Set();
  const rows = await db
    .selectFrom('attempts')
    .select('id')
    .where('id', 'in', [...claims])
    .where('ended_at', 'is', null)
    .execute();
  return new Set(rows.map((row) => row.id));
}
