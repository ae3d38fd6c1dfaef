import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchForStall } from '../../../../services/worker/ffmpeg/stall-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const nothingRead = async () => null;

test('silence for stallMs is a stall', async () => {
  const watch = watchForStall(1000, nothingRead);
  await vi.advanceTimersByTimeAsync(900);
  expect(watch.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(100);
  expect(watch.signal.aborted).toBe(true);
});

test('progress starts the time anew', async () => {
  const watch = watchForStall(1000, nothingRead);
  await vi.advanceTimersByTimeAsync(900);
  watch.moved();
  await vi.advanceTimersByTimeAsync(900);
  expect(watch.signal.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(100);
  expect(watch.signal.aborted).toBe(true);
});

test('a process that reads is not stalled', async () => {
  let bytes = 0;
  const watch = watchForStall(1000, async () => (bytes += 100_000));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(watch.signal.aborted).toBe(false);
});

test('a process that has read once, and but a few bytes since, is stalled', async () => {
  let bytes = 1_000_000;
  const watch = watchForStall(1000, async () => (bytes += 8));
  await vi.advanceTimersByTimeAsync(1100);
  expect(watch.signal.aborted).toBe(true);
});

test('a watch that was stopped says nothing', async () => {
  const watch = watchForStall(1000, nothingRead);
  watch.stop();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(watch.signal.aborted).toBe(false);
});
