import { expect, test } from 'vitest';
import { createLaggingCursor } from '../../../../services/coordinator/events/lagging-cursor.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

test('a look begins where one that began a whole lag later has seen everything', () => {
  const clock = createFakeClock(0);
  const cursor = createLaggingCursor({ start: 5, lagMs: 1000, now: clock.now });
  cursor.reached(10, clock.now());
  expect(cursor.from()).toBe(5);
  clock.advance(999);
  cursor.reached(20, clock.now());
  expect(cursor.from()).toBe(5);
  clock.advance(1);
  cursor.reached(20, clock.now());
  expect(cursor.from()).toBe(10);
});

test('a pause without looks does not count: what appeared in it was not seen', () => {
  const clock = createFakeClock(0);
  const cursor = createLaggingCursor({ start: 0, lagMs: 1000, now: clock.now });
  cursor.reached(10, clock.now());
  const begunAt = clock.now();
  clock.advance(60_000);
  cursor.reached(30, begunAt);
  expect(cursor.from()).toBe(0);
});

test('in a log whose rows appear in order it never lags', () => {
  const cursor = createLaggingCursor({ start: 3, lagMs: 0 });
  cursor.reached(9, 0);
  expect(cursor.from()).toBe(9);
  cursor.reached(4, 0);
  expect(cursor.from()).toBe(9);
});
