import { setTimeout as wait } from 'node:timers/promises';
import { FINAL_JOB_STATES } from '../../shared/job/transitions.ts';
import type { FarmClient } from '../system/support/farm-client.ts';
import { type JobKind, requestOf, type SoakJob } from './job-kinds.ts';

/** Each look is a request that the farm has to answer beside its work. */
const LOOK_EVERY_MS = 500;
/** A job that has not ended by then counts as stuck. */
const ENDS_WITHIN_MS = 300_000;

type Options = {
  /** One after the other, in each lane. */
  readonly kinds: readonly JobKind[];
  /** Jobs under way at a time. */
  readonly open: number;
};

/** Keeps so many jobs under way. What fails of its calls the client's observer is told. */
export function keepSubmitting(client: FarmClient, { kinds, open }: Options) {
  const jobs: SoakJob[] = [];
  let going = true;

  async function one(lane: number): Promise<void> {
    for (let count = 0; going; count += 1) {
      const kind = kinds[(lane + count) % kinds.length];
      if (kind === undefined) throw new Error('there are no kinds of jobs');
      const job = await client.submit(requestOf(kind, `${lane}-${count}`)).catch(() => undefined);
      if (job === undefined) {
        await wait(LOOK_EVERY_MS);
        continue;
      }
      jobs.push({ id: job.id, kind });
      await untilItEnds(job.id);
    }
  }

  async function untilItEnds(id: string): Promise<void> {
    const until = performance.now() + ENDS_WITHIN_MS;
    while (performance.now() < until) {
      await wait(LOOK_EVERY_MS);
      const job = await client.job(id).catch(() => undefined);
      if (job !== undefined && FINAL_JOB_STATES.some((state) => state === job.state)) return;
    }
  }

  const done = Promise.all(Array.from({ length: open }, (_, lane) => one(lane)));
  return {
    jobs,
    async stop() {
      going = false;
      await done;
    },
  };
}
