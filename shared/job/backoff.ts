/**
 * How long to wait before try number `failures + 1`: doubling, at most `capMs`, the upper half of it random so that
 * many who failed together do not come back together. `random` gives 0 … 1.
 */
export function backoffMs(failures: number, options: { baseMs: number; capMs: number; random?: () => number }): number {
  const full = Math.min(options.capMs, options.baseMs * 2 ** Math.max(0, failures - 1));
  return Math.round(full / 2 + (full / 2) * (options.random ?? Math.random)());
}

/** How long a task waits after an interruption, its `interruptions`-th: less than after a failure, at most 30 s. */
export function interruptionDelayMs(interruptions: number): number {
  return backoffMs(interruptions, { baseMs: 1_000, capMs: 30_000 });
}
