import { expect, test } from 'vitest';
import { planConsumers } from '../../../services/worker/downlink/plan-consumers.ts';

const wanted = (free: number, ...classes: string[]) => new Map(classes.map((name) => [name, free]));
const rooms = (entries: Record<string, number>) => new Map(Object.entries(entries));

test('with a free slot every class that was given is consumed', () => {
  const plan = planConsumers({ free: wanted(2, 'a', 'b'), rooms: rooms({}) });
  expect(plan).toEqual({ cancel: [], consume: ['a', 'b'] });
});

test('without a free slot nothing is consumed', () => {
  const plan = planConsumers({ free: wanted(0, 'a', 'b'), rooms: rooms({ a: 1, b: 0 }) });
  expect(plan).toEqual({ cancel: ['a', 'b'], consume: [] });
});

test('a consumer with room for every free slot is left alone, one with less begins anew', () => {
  const plan = planConsumers({ free: wanted(2, 'a', 'b', 'c'), rooms: rooms({ a: 3, b: 2, c: 1 }) });
  expect(plan).toEqual({ cancel: ['c'], consume: ['c'] });
});

test('a class that was taken away is consumed no more', () => {
  const plan = planConsumers({ free: wanted(1, 'b'), rooms: rooms({ a: 1, b: 1 }) });
  expect(plan).toEqual({ cancel: ['a'], consume: [] });
});

test('each class counts the free slots of its own pool', () => {
  const free = new Map([...wanted(0, 'cpu class'), ...wanted(2, 'nvenc class')]);
  const plan = planConsumers({ free, rooms: rooms({ 'cpu class': 1, 'nvenc class': 1 }) });
  expect(plan).toEqual({ cancel: ['cpu class', 'nvenc class'], consume: ['nvenc class'] });
});
