import { expect, test } from 'vitest';
import { createThrottle } from '../../../../services/coordinator/events/throttle.ts';

test('one event of a key passes in an interval, keys apart', () => {
  const mayPass = createThrottle(500);
  expect(mayPass('a', 1000)).toBe(true);
  expect(mayPass('a', 1499)).toBe(false);
  expect(mayPass('b', 1499)).toBe(true);
  expect(mayPass('a', 1500)).toBe(true);
  expect(mayPass('b', 1600)).toBe(false);
});
