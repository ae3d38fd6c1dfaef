import type { Store } from '../../shared/db/store.ts';

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
