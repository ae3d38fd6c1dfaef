import { newId } from '../../../shared/job/ids.ts';
import type { JobRequestInput, JobView } from '../../../shared/wire/jobs.ts';
import { farmUrl } from '../client/farm-url.ts';
import { createClient } from '../client.ts';
import type { CommandContext, CommandRun } from '../command.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { jobRequest, wholeNumberOption } from '../job-request.ts';
import { endText, summaryText } from '../print/summary-text.ts';
import { runJob } from '../transcode/run-job.ts';
import { UsageError } from '../usage-error.ts';

export const transcode: CommandRun = async (context, operands, options) => {
  const begun = performance.now();
  const request = jobRequest(context.folder, operands, options);
  const slots = wholeNumberOption(options, 'slots', 1);
  const job = context.env.FFMILL_URL
    ? await transcodeThere(context, request, slots)
    : await transcodeHere(context, request, slots);
  const wallSeconds = (performance.now() - begun) / 1000;
  const text = job.state === 'completed' ? summaryText(job, wallSeconds) : endText(job);
  context.output.answer({ ...job, wall_seconds: wallSeconds }, text);
  return exitCodeOf(job.state);
};

async function transcodeThere(context: CommandContext, request: JobRequestInput, slots: number | undefined) {
  if (slots !== undefined)
    throw new UsageError('--slots is for a farm on this machine, but FFMILL_URL names another.', 'transcode');
  // Not ended by Ctrl-C: the farm still has to be told to cancel.
  const client = createClient({ ...farmUrl(context.env), signal: new AbortController().signal });
  const key = newId();
  return runJob(context, client, () => client.submitJob(request, key));
}

/** Loads the farm's modules, which the way over HTTP does not need. */
async function transcodeHere(
  ...args: Parameters<typeof import('../transcode/transcode-here.ts').transcodeHere>
): Promise<JobView> {
  const module = await import('../transcode/transcode-here.ts');
  return module.transcodeHere(...args);
}
