import { expect, test } from 'vitest';
import { planStrikes, STRIKE_EVERY_MS } from '../../soak/plan-strikes.ts';
import { seededRandom } from '../../support/seeded-random.ts';

const SLOTS = 60;
const plan = planStrikes(SLOTS, seededRandom(7));
const tiersOf = (slot: (typeof plan)[number]) => slot.map(({ fault }) => fault.tier);

test('a plan is the same for the same seed, and another for another', () => {
  expect(planStrikes(SLOTS, seededRandom(7))).toEqual(plan);
  expect(planStrikes(12, seededRandom(7))).toEqual(plan.slice(0, 12));
  expect(planStrikes(SLOTS, seededRandom(8))).not.toEqual(plan);
});

test('each slot has a strike, every fifth two of different tiers', () => {
  expect(plan.map((slot) => slot.length)).toEqual(plan.map((_, index) => (index % 5 === 4 ? 2 : 1)));
  for (const slot of plan) expect(new Set(tiersOf(slot)).size).toBe(slot.length);
});

test('what lasts longer than a slot is followed by a fault of its own tier', () => {
  const long = plan
    .slice(0, -1)
    .flatMap(([first], index) => ((first?.fault.lastsMs ?? 0) > STRIKE_EVERY_MS ? index : []));
  expect(long.length).toBeGreaterThan(0);
  for (const index of long) expect(tiersOf(plan[index + 1] ?? [])[0]).toBe(tiersOf(plan[index] ?? [])[0]);
});

test('each fault with a target is struck at least five times in ten minutes', () => {
  const promised = plan.flat().filter(({ fault }) => fault.target !== undefined);
  const times = Object.groupBy(promised, ({ fault }) => fault.name);
  expect(Object.keys(times)).toHaveLength(4);
  for (const struck of Object.values(times)) expect(struck?.length).toBeGreaterThanOrEqual(5);
});
