import { expect, it } from 'vitest';
import { leavesRoom, seamLimit } from '../../../../shared/job/plan/seam-limit.ts';

const LIMIT = { maxrate: 6_000_000, bufsize: 6_000_000 };

it('a segment gets half of the buffer, and the rate without what fills the other half again', () => {
  expect(seamLimit(LIMIT, 30)).toEqual({ maxrate: 5_800_000, bufsize: 3_000_000 });
});

it('segments leave room when each lasts four times as long as filling the buffer takes', () => {
  expect(leavesRoom(LIMIT, [4, 30], null)).toBe(true);
  expect(leavesRoom(LIMIT, [3.9, 30], null)).toBe(false);
});

it('an average bit rate has to fit below what the seams leave', () => {
  expect(leavesRoom(LIMIT, [30, 30], 5_220_000)).toBe(true);
  expect(leavesRoom(LIMIT, [30, 30], 5_230_000)).toBe(false);
});

it('a buffer that cannot be halved leaves none', () => {
  expect(leavesRoom({ maxrate: 100_000, bufsize: 1_500 }, [30], null)).toBe(false);
});
