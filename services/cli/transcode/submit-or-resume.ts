import { stat } from 'node:fs/promises';
import { isFinalJobState } from '../../../shared/job/transitions.ts';
import type { JobRequestInput, JobView } from '../../../shared/wire/jobs.ts';
import { followJob } from '../client/follow-job.ts';
import type { Client } from '../client.ts';
import { counted } from '../print/amounts.ts';

/**
 * Goes on with the job that an earlier run of the same command line left in its own farm, or submits it. That farm
 * knows no other command line's jobs, so the newest job is the one.
 */
export async function submitOrResume(
  client: Client,
  request: JobRequestInput,
  key: string,
  say: (text: string) => void,
): Promise<JobView> {
  const [latest] = (await client.listJobs({ limit: 1 })).jobs;
  if (latest === undefined) return client.submitJob(request, key);
  if (await canGoOn(client, latest)) {
    say(await resuming(client, latest));
    return latest;
  }
  return client.submitJob(request, `${key}-${latest.number}`);
}

async function canGoOn(client: Client, job: JobView): Promise<boolean> {
  if (job.state === 'canceling') await followJob(client, job.id, () => {}, new AbortController().signal);
  if (job.state === 'completed') return isStillThere(job);
  return job.state !== 'canceling' && !isFinalJobState(job.state);
}

/** The earlier run was killed after the file was published and before it could say so. */
async function isStillThere({ result, output }: JobView): Promise<boolean> {
  const found = await stat(output).catch(() => undefined);
  return found?.size === result?.size_bytes;
}

async function resuming(client: Client, { id }: JobView): Promise<string> {
  const segments = (await client.listTasks(id)).filter(({ kind }) => kind === 'segment');
  const done = segments.filter(({ state }) => state === 'completed').length;
  if (segments.length === 0) return 'resuming what an earlier run began';
  return `resuming: ${done} of ${counted(segments.length, 'segment')} are done`;
}
