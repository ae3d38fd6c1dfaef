import type { Tx } from '../store.ts';

const NAME = 'quarantine';

/**
 * Makes decisions about quarantines take turns, whichever workers they are about: what is read of workers from here on
 * includes every decision before. On one node the next one waits for this transaction; on another it fails its
 * certification and is repeated, so the row really has to change (see `lockJob`): its `until_at` counts. Taken after the
 * rows of the job and of the worker, and nowhere else.
 */
export async function lockQuarantines(tx: Tx): Promise<void> {
  const counted = await tx.db
    .updateTable('leader_leases')
    .set((row) => ({ until_at: row('until_at', '+', 1) }))
    .where('name', '=', NAME)
    .executeTakeFirst();
  if (counted.numUpdatedRows > 0n) return;
  // The first one ever. Of two the later is a duplicate, and repeated.
  await tx.db.insertInto('leader_leases').values({ name: NAME, holder: '', until_at: 1 }).execute();
}
