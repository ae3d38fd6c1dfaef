import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { JobRequestInput, JobView } from '../../../shared/wire/jobs.ts';
import type { HttpApi } from './http-api.ts';

/** A job that the no-op workers run; with `nowhere`, one that waits for ever, since no worker has that storage. */
function jobFor(storage: 'media' | 'nowhere'): JobRequestInput {
  return { input: `\${${storage}}/in.mkv`, output: `\${${storage}}/out-${randomUUID()}.mkv`, profile: 'h264' };
}

export function submitJob(api: HttpApi, storage: 'media' | 'nowhere'): Promise<JobView> {
  return api.call('POST', '/v1/jobs', jobFor(storage));
}

export async function submitBatch(api: HttpApi, count: number, storage: 'media' | 'nowhere'): Promise<void> {
  await api.call('POST', '/v1/jobs/batch', { jobs: Array.from({ length: count }, () => jobFor(storage)) });
}

/** Resolves with the job when it is completed. @throws when it ends otherwise or takes over 30 s. */
export async function completed(api: HttpApi, id: string): Promise<JobView> {
  const until = performance.now() + 30_000;
  for (;;) {
    const job = await api.call<JobView>('GET', `/v1/jobs/${id}`);
    if (job.state === 'completed') return job;
    if (job.finished_at !== null || performance.now() > until)
      throw new Error(`job ${job.number} is ${job.state}: ${JSON.stringify(job.error)}`);
    await wait(20);
  }
}
