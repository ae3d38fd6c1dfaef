import { setTimeout as wait } from 'node:timers/promises';
import type { FarmClient } from '../system/support/farm-client.ts';

/** A time in which no write was taken: from the last one that was to the next. */
export type Gap = { readonly at: number; readonly ms: number };

const EVERY_MS = 200;
/** Gaps shorter than this are a busy machine. */
const NOTEWORTHY_MS = 500;

/** Writes five times a second to one job, and notes for how long that did not work. */
export function watchWrites(client: FarmClient) {
  const gaps: Gap[] = [];
  let going = true;

  async function watch(): Promise<void> {
    const job = await client.submit({ input: '${nowhere}/in.mkv', output: '${nowhere}/watched.mkv' });
    let last = Date.now();
    for (let count = 0; going; count += 1) {
      const taken = await client.call('PATCH', `/v1/jobs/${job.id}`, { labels: [`${count}`] }).then(
        () => true,
        () => false,
      );
      const now = Date.now();
      if (taken) {
        if (now - last > NOTEWORTHY_MS) gaps.push({ at: last, ms: now - last });
        last = now;
      }
      await wait(EVERY_MS);
    }
    await client.call('POST', `/v1/jobs/${job.id}/cancel`);
  }

  const done = watch();
  return {
    gaps,
    async stop() {
      going = false;
      await done;
    },
  };
}
