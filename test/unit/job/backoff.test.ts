import { expect, test } from 'vitest';
import { backoffMs } from '../../../shared/job/backoff.ts';

const options = { baseMs: 1_000, capMs: 30_000 };

test('the pause doubles with every failure, up to the cap', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 50].map((failures) => backoffMs(failures, { ...options, random: () => 1 }));
  expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test('at least half of the pause is kept, the rest is chance', () => {
  expect(backoffMs(3, { ...options, random: () => 0 })).toBe(2_000);
  expect(backoffMs(3, { ...options, random: () => 0.5 })).toBe(3_000);
});
