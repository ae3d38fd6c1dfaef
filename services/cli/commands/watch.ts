import { followJob } from '../client/follow-job.ts';
import type { CommandRun } from '../command.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { endText, summaryText } from '../print/summary-text.ts';
import { createJobDisplay } from '../progress/job-display.ts';

/** Only looks: Ctrl-C ends the watching, not the job. */
export const watch: CommandRun = async (context, [name = '']) => {
  const { output, interrupted } = context;
  const client = farmClient(context);
  const { id } = await client.findJob(name);
  const display = createJobDisplay(output);
  const signal = AbortSignal.any([interrupted, output.readerGone]);
  const job = await followJob(client, id, display.show, signal).finally(display.close);
  output.answer(job, job.state === 'completed' ? summaryText(job, secondsBetween(job)) : endText(job));
  return exitCodeOf(job.state);
};

function secondsBetween(job: { created_at: string; finished_at: string | null }): number {
  return (Date.parse(job.finished_at ?? job.created_at) - Date.parse(job.created_at)) / 1000;
}
