import { AppError } from '../../../shared/errors.ts';
import type { JobView } from '../../../shared/wire/jobs.ts';
import { followJob } from '../client/follow-job.ts';
import type { Client } from '../client.ts';
import type { CommandContext } from '../command.ts';
import { createJobDisplay, type JobDisplay } from '../progress/job-display.ts';

/** How often a farm may forget a job that it accepted before the client gives up. */
const MOST_SUBMITS = 3;

/**
 * Submits a job and stays with it to its end, showing how it goes. The first Ctrl-C cancels it and goes on waiting:
 * `canceled` means that nothing of it runs any more. `submit` has to be repeatable: a farm that lost its newest
 * transactions does not know a job that it accepted, and is told again.
 */
export async function runJob(
  { output, interrupted }: Pick<CommandContext, 'output' | 'interrupted'>,
  client: Client,
  submit: () => Promise<JobView>,
): Promise<JobView> {
  const display = createJobDisplay(output);
  try {
    for (let submits = 1; ; submits += 1) {
      const { id } = await submit();
      const end = await stayWith(client, id, display, interrupted).catch((error: unknown) => {
        if (!(error instanceof AppError) || error.code !== 'not_found' || submits === MOST_SUBMITS) throw error;
      });
      if (end !== undefined) return end;
    }
  } finally {
    display.close();
  }
}

async function stayWith(
  client: Client,
  jobId: string,
  display: JobDisplay,
  interrupted: AbortSignal,
): Promise<JobView> {
  const broken = new AbortController();
  const cancel = () => {
    display.say('canceling; Ctrl-C once more ends at once');
    client.cancelJob(jobId).catch((error: unknown) => {
      if (isTooLate(error)) display.say('too late to cancel: the file is being published');
      else broken.abort(error);
    });
  };
  if (interrupted.aborted) cancel();
  interrupted.addEventListener('abort', cancel, { once: true });
  try {
    return await followJob(client, jobId, display.show, broken.signal);
  } finally {
    interrupted.removeEventListener('abort', cancel);
  }
}

/** Being published, or just ended: either way what is followed next tells the end. */
function isTooLate(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'too_late' || error.code === 'wrong_state');
}
