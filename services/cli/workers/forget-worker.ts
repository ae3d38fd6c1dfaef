import { AppError } from '../../../shared/errors.ts';
import type { WorkerView } from '../../../shared/wire/workers.ts';
import type { Client } from '../client.ts';

/**
 * Removes a worker from the books and returns what was known of it. One that lives registers again by itself.
 *
 * @throws AppError `wrong_state` while it holds tasks.
 */
export async function forgetWorker(client: Client, id: string): Promise<WorkerView> {
  const worker = await client.showWorker(id);
  await client.forgetWorker(id).catch((error: unknown) => {
    // The answer to a first try was lost: it is forgotten all the same.
    if (!(error instanceof AppError) || error.code !== 'unknown_worker') throw error;
  });
  return worker;
}
