import type { CommandContext, CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { UsageError } from '../usage-error.ts';
import { awaitDrained } from '../workers/await-drained.ts';
import { findWorker } from '../workers/find-worker.ts';
import { forgetWorker } from '../workers/forget-worker.ts';
import { workerTable } from '../workers/worker-table.ts';

const ACTIONS = ['drain', 'resume', 'forget'] as const;
type Action = (typeof ACTIONS)[number];

export const workers: CommandRun = async (context, [word, name], options) => {
  const wait = options.wait === true;
  if (wait && word !== 'drain') throw new UsageError('--wait goes with drain.', 'workers');
  if (word === undefined) return list(context);
  const action = ACTIONS.find((known) => known === word);
  if (action === undefined)
    throw new UsageError(`${JSON.stringify(word)} is none of ${ACTIONS.join(', ')}.`, 'workers');
  if (name === undefined) throw new UsageError('NAME is missing.', 'workers');
  return act(context, action, { name, wait });
};

async function list(context: CommandContext) {
  const found = await farmClient(context).listWorkers();
  context.output.answer({ workers: found, count: found.length }, workerTable(found));
  return EXIT.done;
}

async function act(context: CommandContext, action: Action, { name, wait }: { name: string; wait: boolean }) {
  const client = farmClient(context);
  const { id } = await findWorker(client, name);
  if (action === 'forget') {
    const forgotten = await forgetWorker(client, id);
    context.output.answer(forgotten, `${forgotten.name} is forgotten`);
    return EXIT.done;
  }
  const told = action === 'drain' ? await client.drainWorker(id) : await client.resumeWorker(id);
  const worker = wait ? await awaitDrained(client, told, context) : told;
  context.output.answer(worker, workerTable([worker]));
  return EXIT.done;
}
