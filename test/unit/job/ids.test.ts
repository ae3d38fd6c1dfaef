import { expect, test } from 'vitest';
import { newId } from '../../../shared/job/ids.ts';

test('an id is a UUID of version 7 and the RFC’s variant', () => {
  expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('an id begins with the millisecond in which it was made', () => {
  const id = newId(0x0123_4567_89ab);
  expect(id.startsWith('01234567-89ab-7')).toBe(true);
});

test('ids of later moments sort after earlier ones', () => {
  const ids = [1, 2, 1_000_000, Date.UTC(2026, 0), Date.UTC(2100, 0)].map((now) => newId(now));
  expect(ids.toSorted()).toEqual(ids);
});
