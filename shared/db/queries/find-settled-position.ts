import type { Db } from '../store.ts';

/**
 * The last position in the log of events that was drawn before a moment (milliseconds since the epoch); 0 when all are
 * younger. Walks back over what was written since: meant for a moment some seconds ago.
 */
export async function findSettledPosition(db: Db, before: number): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select('position')
    .where('at', '<', before)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.position ?? 0;
}
