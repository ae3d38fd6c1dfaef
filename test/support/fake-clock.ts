import type { Clock } from '../../shared/runtime/clock.ts';

/** A clock that stands still until it is told to move. */
export type FakeClock = Clock & { advance(ms: number): void };

export function createFakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  return {
    now: () => now,
    advance(ms) {
      now += ms;
    },
  };
}
