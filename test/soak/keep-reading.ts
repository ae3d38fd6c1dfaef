import { setTimeout as wait } from 'node:timers/promises';
import type { FarmClient } from '../system/support/farm-client.ts';

const EVERY_MS = 200;

/** A client that asks five times a second. What fails of its calls the client's observer is told. */
export function keepReading(client: FarmClient) {
  let going = true;

  async function run(): Promise<void> {
    while (going) {
      await client.call('GET', '/v1/jobs?limit=1').catch(() => undefined);
      await wait(EVERY_MS);
    }
  }

  const done = run();
  return {
    async stop() {
      going = false;
      await done;
    },
  };
}
