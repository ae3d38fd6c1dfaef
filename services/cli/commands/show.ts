import { lookAtJob } from '../client/follow-job.ts';
import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { jobText } from '../print/job-text.ts';

export const show: CommandRun = async (context, [job = '']) => {
  const sight = await lookAtJob(farmClient(context), job);
  context.output.answer({ ...sight.job, tasks: sight.tasks }, jobText(sight));
  return EXIT.done;
};
