import { setTimeout as wait } from 'node:timers/promises';

/** Waits, not at all for a time that is over; ends early, without an exception, when the signal is aborted. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await wait(Math.max(0, ms), undefined, signal ? { signal } : undefined).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}
