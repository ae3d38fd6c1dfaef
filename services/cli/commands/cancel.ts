import { followJob } from '../client/follow-job.ts';
import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { jobLine } from '../print/job-text.ts';

/** Done once the farm says `canceled`: from then on nothing of the job reaches the output's name. */
export const cancel: CommandRun = async (context, [name = '']) => {
  const client = farmClient(context);
  const { id } = await client.findJob(name);
  await client.cancelJob(id);
  const job = await followJob(client, id, () => {}, context.interrupted);
  context.output.answer(job, jobLine(job));
  return job.state === 'canceled' ? EXIT.done : EXIT.failed;
};
