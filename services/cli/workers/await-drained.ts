import { AppError } from '../../../shared/errors.ts';
import { sleep } from '../../../shared/runtime/sleep.ts';
import type { WorkerView } from '../../../shared/wire/workers.ts';
import type { Client } from '../client.ts';
import type { CommandContext } from '../command.ts';
import { counted } from '../print/amounts.ts';

/** A person waits, and what is waited for takes minutes. */
const BETWEEN_LOOKS_MS = 500;

/**
 * Waits until a drained worker holds no task any more, and gives it as it is then. A task that it was being given when
 * it was drained may show up only afterwards: see shared/db/transactions/drain-worker.ts.
 *
 * @throws AppError `wrong_state` when somebody lets it take work again meanwhile: it would be waited for in vain.
 */
export async function awaitDrained(
  client: Pick<Client, 'showWorker'>,
  drained: WorkerView,
  { output, interrupted }: Pick<CommandContext, 'output' | 'interrupted'>,
): Promise<WorkerView> {
  let before: number | undefined;
  for (let worker = drained; ; worker = await client.showWorker(drained.id)) {
    if (worker.status === 'online')
      throw new AppError('wrong_state', `${worker.name} was resumed meanwhile: it takes tasks again`);
    if (worker.active_tasks === 0) return worker;
    if (worker.active_tasks !== before)
      output.say(`${worker.name} has ${counted(worker.active_tasks, 'task')} to finish`);
    before = worker.active_tasks;
    await sleep(BETWEEN_LOOKS_MS, interrupted);
    interrupted.throwIfAborted();
  }
}
