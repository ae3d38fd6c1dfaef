import { setTimeout as wait } from 'node:timers/promises';
import type { HttpApi } from './http-api.ts';
import { submitBatch } from './jobs.ts';

const BATCH = 100;

/** Runs so many jobs to their end and gives how many a second that were, from the first submit on. */
export async function runJobs(api: HttpApi, count: number): Promise<number> {
  const already = await countCompleted(api);
  const begun = performance.now();
  for (let left = count; left > 0; left -= BATCH) await submitBatch(api, Math.min(left, BATCH), 'media');
  while ((await countCompleted(api)) < already + count) await wait(50);
  return count / ((performance.now() - begun) / 1000);
}

/** A page of one job tells how many there are on all pages. */
async function countCompleted(api: HttpApi): Promise<number> {
  const { count } = await api.call<{ count: number }>('GET', '/v1/jobs?state=completed&limit=1');
  return count;
}
