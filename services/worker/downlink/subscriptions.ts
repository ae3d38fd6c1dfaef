import type { Pool } from '../../../shared/job/pools.ts';
import type { Subscriptions as SubscriptionList } from '../../../shared/wire/workers.ts';

/** The classes that this worker was given to consume. */
export type Subscriptions = {
  classes(): readonly string[];
  /** What a task of the class takes a slot of. */
  poolOf(queueClass: string): Pool;
  /** What a coordinator answered. An older list that comes late is ignored. */
  update(list: SubscriptionList): void;
  /** Called when the list is another one. Returns the function that ends it. */
  onChange(listener: () => void): () => void;
};

export function createSubscriptions(): Subscriptions {
  const listeners = new Set<() => void>();
  let newest: SubscriptionList = { version: Number.NEGATIVE_INFINITY, classes: [] };
  return {
    classes: () => newest.classes,
    poolOf: (queueClass) => newest.pools?.[queueClass] ?? 'cpu',
    update(list) {
      if (list.version < newest.version) return;
      const same = list.classes.toSorted().join() === newest.classes.toSorted().join();
      newest = list;
      if (!same) for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
