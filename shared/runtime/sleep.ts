import { setTimeout as wait } from 'node:timers/promises';

/** Waits; ends early, without an exception, when the signal is aborted. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await wait(ms, undefined, signal ? { signal } : undefined).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}
