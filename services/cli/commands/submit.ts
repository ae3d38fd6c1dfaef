import { newId } from '../../../shared/job/ids.ts';
import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { jobRequest } from '../job-request.ts';
import { jobLine } from '../print/job-text.ts';

export const submit: CommandRun = async (context, operands, options) => {
  const request = jobRequest(context.folder, operands, options);
  const job = await farmClient(context).submitJob(request, newId());
  context.output.answer(job, jobLine(job));
  return EXIT.done;
};
