import { sleep } from '../../shared/runtime/sleep.ts';

/** Waits for work, but no longer than so many milliseconds; it goes on by itself then. */
export async function atMost(work: Promise<void>, ms: number): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, sleep(ms, done.signal)]);
  done.abort();
}
