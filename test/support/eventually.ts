import { setTimeout as wait } from 'node:timers/promises';

/** Asks again until the answer is there: for what another party does in its own time. The last failure is thrown. */
export async function eventually<Answer>(ask: () => Promise<Answer> | Answer, withinMs = 20_000): Promise<Answer> {
  const until = performance.now() + withinMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > until) throw error;
      await wait(20);
    }
  }
}
