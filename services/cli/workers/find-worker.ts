import { AppError } from '../../../shared/errors.ts';
import type { WorkerView } from '../../../shared/wire/workers.ts';
import type { Client } from '../client.ts';

/** The worker of that id or name. @throws AppError `unknown_worker` that names those there are. */
export async function findWorker(client: Pick<Client, 'listWorkers'>, reference: string): Promise<WorkerView> {
  const workers = await client.listWorkers();
  const found = workers.find(({ id }) => id === reference) ?? workers.find(({ name }) => name === reference);
  if (found !== undefined) return found;
  const known = workers.length === 0 ? 'there is none at all' : `there are ${workers.map(quotedName).join(', ')}`;
  throw new AppError('unknown_worker', `there is no worker ${JSON.stringify(reference)}: ${known}`);
}

function quotedName({ name }: WorkerView): string {
  return JSON.stringify(name);
}
