import type { Store } from '../../shared/db/store.ts';
import { openOnNode } from './open-test-store.ts';
import { TestFarm } from './test-farm.ts';

/** The same farm through each of the three nodes, all of them writers; and one that goes round them. */
export type ThreeWriters = {
  readonly farms: readonly [TestFarm, TestFarm, TestFarm];
  /** Each transaction on the next node, each look on yet another one. */
  readonly around: TestFarm;
  close(): Promise<void>;
};

export async function openThreeWriters(): Promise<ThreeWriters> {
  const first = await TestFarm.open();
  const others = [await openOnNode(1, { clock: first.clock }), await openOnNode(2, { clock: first.clock })] as const;
  const farmOn = (store: Store) => new TestFarm(store, first.clock, first.rules);
  const farms = [first, farmOn(others[0]), farmOn(others[1])] as const;
  return {
    farms,
    around: farmOn(roundRobin(farms.map(({ store }) => store))),
    async close() {
      for (const farm of farms) await farm.close();
    },
  };
}

function roundRobin(stores: readonly Store[]): Store {
  let turn = 0;
  const next = () => stores[turn++ % stores.length] as Store;
  return {
    ...next(),
    get db() {
      return next().db;
    },
    look: (statements) => next().look(statements),
    transaction: (work, first) => next().transaction(work, first),
  };
}
