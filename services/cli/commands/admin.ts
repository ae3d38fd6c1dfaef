import { SWEEP_NAMES, type SweepAnswer, type SweepOutcome } from '../../../shared/wire/sweeps.ts';
import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { table } from '../print/table.ts';
import { UsageError } from '../usage-error.ts';

/** `ffmill admin janitor run [SWEEP]`: one of the things that only those who run a farm need. */
export const admin: CommandRun = async (context, [part, verb, sweep]) => {
  if (part !== 'janitor' || verb !== 'run') throw new UsageError('There is only `admin janitor run`.', 'admin');
  const name = SWEEP_NAMES.find((known) => known === sweep);
  if (sweep !== undefined && name === undefined)
    throw new UsageError(`There is no sweep ${JSON.stringify(sweep)}, but ${SWEEP_NAMES.join(', ')}.`, 'admin');
  const answer = await farmClient(context).runSweeps(name);
  context.output.answer(answer, textOf(answer));
  const failed = Object.values(answer.sweeps).some((outcome) => 'failed' in outcome);
  return failed ? EXIT.failed : EXIT.done;
};

function textOf({ sweeps }: SweepAnswer): string {
  return table(
    ['SWEEP', 'REPAIRED'],
    Object.entries(sweeps).map(([name, outcome]) => [name, wordsFor(outcome)]),
  );
}

function wordsFor(outcome: SweepOutcome): string {
  if ('failed' in outcome) return `failed: ${outcome.failed}`;
  if ('left_out' in outcome) return `left out: ${outcome.left_out}`;
  return String(outcome.repaired);
}
