import type { RowsOf, Statements, Store } from '../../shared/db/store.ts';

/** The store for a call that is overtaken: `meanwhile` happens between its look and its first transaction. */
export function overtaken(store: Store, meanwhile: () => Promise<unknown>): Store {
  let happened = false;
  return {
    ...store,
    async transaction(work, first) {
      if (!happened) {
        happened = true;
        await meanwhile();
      }
      return store.transaction(work, first);
    },
  };
}

/**
 * The store for a call whose looks are overtaken: `meanwhile` happens before the statement of this number, counted from
 * 0 over all its looks. Each statement of a look has a moment of its own, though they are sent together.
 */
export function overtakenBefore(store: Store, statement: number, meanwhile: () => Promise<unknown>): Store {
  let next = 0;
  return {
    ...store,
    async look<const Looks extends Statements>(looks: Looks) {
      const { now } = await store.look([]);
      const rows: unknown[] = [];
      for (const look of looks) {
        if (next === statement) await meanwhile();
        next += 1;
        rows.push(...(await store.look([look])).rows);
      }
      return { now, rows: rows as RowsOf<Looks> };
    },
  };
}

/** A store that loses the connection during each COMMIT, which had worked: the transaction runs again, on its own result. */
export function committingTwice(store: Store): Store {
  return {
    ...store,
    async transaction(work, first) {
      await store.transaction(work, first);
      return store.transaction(work, first);
    },
  };
}

/** A store whose every transaction ends in a deadlock at first: nothing of it stays, and it runs again from the start. */
export function deadlockingOnce(store: Store): Store {
  return {
    ...store,
    async transaction(work, first) {
      const deadlock = new Error('deadlock');
      const refused = store.transaction(async (tx, found) => {
        await work(tx, found);
        throw deadlock;
      }, first);
      await refused.catch((error: unknown) => {
        if (error !== deadlock) throw error;
      });
      return store.transaction(work, first);
    },
  };
}

/** Stores, as many as there are given, whose transactions have all begun before one of them does anything. */
export function beginningTogether<Stores extends readonly Store[]>(stores: Stores): { [Index in keyof Stores]: Store } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const awaited = new Set(stores.keys());
  const meeting = (store: Store, index: number): Store => ({
    ...store,
    transaction: (work, first) =>
      store.transaction(async (tx, found) => {
        awaited.delete(index);
        if (awaited.size === 0) resolve();
        await promise;
        return work(tx, found);
      }, first),
  });
  return stores.map(meeting) as { [Index in keyof Stores]: Store };
}
