import { sleep } from './sleep.ts';

/** Waits for work, but no longer than so many milliseconds; it goes on by itself then. Throws what the work throws. */
export async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  const done = new AbortController();
  try {
    await Promise.race([work, sleep(ms, done.signal)]);
  } finally {
    done.abort();
  }
}
