import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { jobLine } from '../print/job-text.ts';

export const retry: CommandRun = async (context, [name = '']) => {
  const job = await farmClient(context).retryJob(name);
  context.output.answer(job, jobLine(job));
  return EXIT.done;
};
