import type { WhyView } from '../../../shared/wire/jobs.ts';
import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { printable } from '../print/printable.ts';

export const why: CommandRun = async (context, [job = '']) => {
  const answer = await farmClient(context).explainJob(job);
  context.output.answer(answer, whyText(answer));
  return EXIT.done;
};

function whyText({ state, reason, waiting }: WhyView): string {
  const lines = waiting.flatMap((task) => [
    `  ${task.kind} (${task.class}): place ${task.position} of its queue${task.not_before ? `, not before ${task.not_before}` : ''}`,
    ...task.workers.map((worker) => `    ${worker.name}: ${worker.reason}`),
  ]);
  return [`${state}: ${reason}`, ...lines].map(printable).join('\n');
}
