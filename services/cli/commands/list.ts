import type { JobView } from '../../../shared/wire/jobs.ts';
import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { numberOption } from '../job-request.ts';
import { percent } from '../print/amounts.ts';
import { table } from '../print/table.ts';

const USUAL_LIMIT = 20;

export const list: CommandRun = async (context, _operands, options) => {
  const page = await farmClient(context).listJobs({
    ...(typeof options.state === 'string' ? { state: options.state } : {}),
    ...(typeof options.label === 'string' ? { label: options.label } : {}),
    limit: numberOption(options, 'limit') ?? USUAL_LIMIT,
  });
  const more = page.count - page.jobs.length;
  const text = table(['JOB', 'STATE', 'DONE', 'PROFILE', 'INPUT', 'OUTPUT'], page.jobs.map(row));
  context.output.answer(page, more > 0 ? `${text}\nand ${more} more (--limit)` : text);
  return EXIT.done;
};

function row(job: JobView): string[] {
  return [String(job.number), job.state, percent(job.progress), job.profile, job.input, job.output];
}
