/** Gives a whole number below `count`. */
export type Pick = (count: number) => number;

/** Whole numbers below `count`, the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): Pick {
  let state = seed >>> 0;
  return (count) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count);
  };
}

/** The same things in another order (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], pick: Pick): Item[] {
  const rest = [...items];
  return items.flatMap(() => rest.splice(pick(rest.length), 1));
}
