import type { Store, Tx } from '../store.ts';

type Bid = { readonly name: string; readonly holder: string; readonly forMs: number };

/**
 * Takes or renews the lead at something, unless somebody else holds it. Returns whether it is this holder's now. An
 * economy alone: whatever leaders do is safe to be done by two (PROTOCOL §4).
 */
export async function takeLeaderLease(store: Store, bid: Bid): Promise<boolean> {
  return store.transaction(async (tx) => {
    if (await replaceIfFree(tx, bid)) return true;
    const { name, holder, forMs } = bid;
    const known = await tx.db.selectFrom('leader_leases').select('holder').where('name', '=', name).executeTakeFirst();
    if (known) return false;
    await tx.db
      .insertInto('leader_leases')
      .values({ name, holder, until_at: tx.now + forMs })
      .execute();
    return true;
  });
}

async function replaceIfFree(tx: Tx, { name, holder, forMs }: Bid): Promise<boolean> {
  const changed = await tx.db
    .updateTable('leader_leases')
    .set({ holder, until_at: tx.now + forMs })
    .where('name', '=', name)
    .where((where) => where.or([where('holder', '=', holder), where('until_at', '<=', tx.now)]))
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** Gives the lead up, if it is this holder's: the next one need not wait for the lease to run out. */
export async function giveUpLeaderLease(store: Store, { name, holder }: Omit<Bid, 'forMs'>): Promise<void> {
  await store.transaction((tx) =>
    tx.db
      .updateTable('leader_leases')
      .set({ until_at: 0 })
      .where('name', '=', name)
      .where('holder', '=', holder)
      .execute(),
  );
}
