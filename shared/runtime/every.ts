/** What runs by itself until it is stopped. */
export type Stoppable = { stop(): Promise<void> };

/**
 * Runs a chore now and then again `intervalMs` after the last run began, at the earliest when it has ended: one chore
 * never overlaps itself. A failing run is handed to `onError` and does not end the repetition. `wake()` runs it at
 * once, or once more when it is running. `stop()` waits for the run under way; safe twice.
 */
export function every(
  intervalMs: number,
  chore: (signal: AbortSignal) => Promise<void>,
  onError: (error: unknown) => void,
): Stoppable & { wake(): void } {
  const stopping = new AbortController();
  let wakeNow: (() => void) | undefined;
  let woken = false;

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeNow = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  async function repeat(): Promise<void> {
    while (!stopping.signal.aborted) {
      const begun = performance.now();
      woken = false;
      await chore(stopping.signal).catch(onError);
      if (stopping.signal.aborted) return;
      if (!woken) await pause(Math.max(0, intervalMs - (performance.now() - begun)));
    }
  }

  const done = repeat();
  const wake = () => {
    woken = true;
    wakeNow?.();
  };
  return {
    wake,
    async stop() {
      stopping.abort();
      wake();
      await done;
    },
  };
}
