import type { Db } from '../store.ts';

/** Where the log of events ends; 0 when it is empty. */
export async function findLastEventPosition(db: Db): Promise<number> {
  const row = await db.selectFrom('events').select('position').orderBy('position', 'desc').limit(1).executeTakeFirst();
  return row?.position ?? 0;
}
