import { POOLS, type Pool } from '../../shared/job/pools.ts';
import { createSlots, type Slots } from './slots.ts';

/** The slots of this worker, by what they are room on. */
export type Pools = {
  of(pool: Pool): Slots;
  /** Called whenever a slot of any pool was taken or released. Returns the function that ends it. */
  onChange(listener: () => void): () => void;
};

/** A pool that is not named has no slots until it is resized. */
export function createPools(sizes: Readonly<Partial<Record<Pool, number>>>): Pools {
  const pools = new Map(POOLS.map((pool) => [pool, createSlots(sizes[pool] ?? 0)]));
  const all = [...pools.values()];
  return {
    of: (pool) => pools.get(pool) as Slots, // all of them were made above
    onChange(listener) {
      const forget = all.map((slots) => slots.onChange(listener));
      return () => {
        for (const end of forget) end();
      };
    },
  };
}
