import { isFinalJobState } from '../../../shared/job/transitions.ts';
import { sleep } from '../../../shared/runtime/sleep.ts';
import { FINAL_JOB_EVENTS } from '../../../shared/wire/events.ts';
import type { JobView, TaskView } from '../../../shared/wire/jobs.ts';
import type { Client } from '../client.ts';
import { createBell } from './bell.ts';
import { listen } from './listen.ts';
import type { StreamEvent } from './read-event-stream.ts';

/** A job, and its tasks as they were at that moment or soon after: of a job that has ended, as it left them. */
export type Sight = { readonly job: JobView; readonly tasks: readonly TaskView[] };

/** How long nothing may be heard before the job is looked at all the same: an event may be lost. */
const SILENCE_MS = 5000;
/** Events come in bursts; a person reads four changes a second at the most. */
const BURST_MS = 250;

/**
 * Looks at a job whenever an event says that something happened, until it has ended. Events only ring a bell; what is
 * shown always comes from the rows, so lost, doubled and late events do no harm.
 *
 * @throws AppError `not_found` for an unknown job, `unavailable` when the farm stays away; the signal's reason.
 */
export async function followJob(
  client: Client,
  jobId: string,
  onSight: (sight: Sight) => void,
  signal: AbortSignal,
): Promise<JobView> {
  const bell = createBell();
  const ended = new AbortController();
  const over = new AbortController();
  const onEvent = ({ event }: StreamEvent) => {
    if (FINAL_JOB_EVENTS.includes(event)) ended.abort();
    bell.ring();
  };
  signal.addEventListener('abort', bell.ring, { once: true });
  // What a failing listener found, the next look finds as well and throws.
  const listening = listen(client, jobId, { onOpen: bell.ring, onEvent }, over.signal).catch(bell.ring);
  try {
    for (;;) {
      signal.throwIfAborted();
      const sight = await lookAtJob(client, jobId);
      onSight(sight);
      if (isFinalJobState(sight.job.state)) return sight.job;
      await bell.rung(SILENCE_MS);
      await sleep(BURST_MS, ended.signal);
    }
  } finally {
    signal.removeEventListener('abort', bell.ring);
    over.abort();
    await listening;
  }
}

/** The job and its tasks now, in this order: otherwise the job might be seen to have ended, and its tasks not yet. */
export async function lookAtJob(client: Pick<Client, 'findJob' | 'listTasks'>, jobId: string): Promise<Sight> {
  const job = await client.findJob(jobId);
  return { job, tasks: await client.listTasks(jobId) };
}
