import type { Db } from '../store.ts';

/** Where an event stands in the log; 0, before everything, when it is not stored (any more). */
export async function findEventPosition(db: Db, id: string): Promise<number> {
  const row = await db.selectFrom('events').select('position').where('id', '=', id).executeTakeFirst();
  return row?.position ?? 0;
}
