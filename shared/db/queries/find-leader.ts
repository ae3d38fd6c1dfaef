import type { Db } from '../store.ts';

/** Who leads at something now; undefined when nobody does. `now`: milliseconds by the database's clock. */
export async function findLeader(db: Db, name: string, now: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('leader_leases')
    .select('holder')
    .where('name', '=', name)
    .where('until_at', '>', now)
    .executeTakeFirst();
  return row?.holder;
}
