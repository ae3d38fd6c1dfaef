import { setTimeout as wait } from 'node:timers/promises';
import type { Stack } from '../system/support/stack.ts';
import { submitLossless, type Workload } from '../system/support/workload.ts';

/** Keeps so many jobs under way. A submit that fails is counted: the farm promised to take it. */
export function keepSubmitting(stack: Stack, workload: Workload, { open }: { open: number }) {
  const client = stack.client();
  const jobs: string[] = [];
  const failed: string[] = [];
  let going = true;

  async function one(lane: number): Promise<void> {
    for (let count = 0; going; count += 1) {
      try {
        const { id } = await submitLossless(client, workload, `soak-${lane}-${count}`);
        jobs.push(id);
        await client.ends(id, 300_000);
      } catch (error) {
        failed.push(`${new Date().toISOString()} ${String(error)}`);
        await wait(200);
      }
    }
  }

  const done = Promise.all(Array.from({ length: open }, (_, lane) => one(lane)));
  return {
    jobs,
    failed,
    async stop() {
      going = false;
      await done;
    },
  };
}
