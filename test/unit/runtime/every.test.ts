import { expect, test } from 'vitest';
import { every } from '../../../shared/runtime/every.ts';

/** A chore whose runs the test starts and ends by hand. */
function handChore() {
  let runs = 0;
  let finish = () => {};
  let started: () => void = () => {};
  let start = new Promise<void>((resolve) => {
    started = resolve;
  });
  return {
    runs: () => runs,
    nextStart: () => start,
    finish: () => finish(),
    chore: () =>
      new Promise<void>((resolve) => {
        runs += 1;
        finish = resolve;
        started();
        start = new Promise<void>((again) => {
          started = again;
        });
      }),
  };
}

test('waking it runs the chore at once, and again if it was woken meanwhile', async () => {
  const hand = handChore();
  const first = hand.nextStart();
  const repeating = every(3_600_000, hand.chore, () => {});
  await first;
  const second = hand.nextStart();
  repeating.wake();
  expect(hand.runs()).toBe(1);
  hand.finish();
  await second;
  expect(hand.runs()).toBe(2);
  hand.finish();
  await repeating.stop();
});

test('stopping waits for the run under way and starts no other, twice as well as once', async () => {
  const hand = handChore();
  const first = hand.nextStart();
  const repeating = every(1, hand.chore, () => {});
  await first;
  let stopped = false;
  const stopping = Promise.all([repeating.stop(), repeating.stop()]).then(() => {
    stopped = true;
  });
  await Promise.resolve();
  expect(stopped).toBe(false);
  hand.finish();
  await stopping;
  expect(hand.runs()).toBe(1);
});

test('a failing run is told and does not end the repetition', async () => {
  const errors: unknown[] = [];
  const repeating = every(
    1,
    async () => {
      throw new Error('no');
    },
    (error) => {
      errors.push(error);
      if (errors.length === 3) void repeating.stop();
    },
  );
  await expect.poll(() => errors.length).toBe(3);
  await repeating.stop();
});
