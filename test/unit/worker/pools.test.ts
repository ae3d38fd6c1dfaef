import { expect, test, vi } from 'vitest';
import { createPools } from '../../../services/worker/pools.ts';

test('a slot of one pool is none of another', () => {
  const pools = createPools({ cpu: 1, nvenc: 1 });
  expect(pools.of('cpu').takeNow()).toBeDefined();
  expect(pools.of('cpu').takeNow()).toBeUndefined();
  expect(pools.of('nvenc').takeNow()).toBeDefined();
  expect(pools.of('vaapi').takeNow()).toBeUndefined();
});

test('who waits for a slot gets one when the pool grows', async () => {
  const pools = createPools({});
  const onChange = vi.fn();
  pools.onChange(onChange);
  const slot = pools.of('qsv').take(AbortSignal.timeout(5_000));
  pools.of('qsv').resize(1);
  expect(await slot).toBeDefined();
  expect(onChange).toHaveBeenCalled();
});

test('a pool that shrinks takes back what is released', () => {
  const slots = createPools({ nvenc: 2 }).of('nvenc');
  const [first, second] = [slots.takeNow(), slots.takeNow()];
  slots.resize(0);
  expect(slots.free()).toBe(0);
  first?.release();
  second?.release();
  expect(slots.takeNow()).toBeUndefined();
  slots.resize(1);
  expect(slots.free()).toBe(1);
});
