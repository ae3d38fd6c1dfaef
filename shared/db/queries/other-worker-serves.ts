import type { WorkerId } from '../../job/ids.ts';
import { serves } from '../../job/queue-class.ts';
import { registrationOf } from '../rows.ts';
import type { Db } from '../store.ts';
import { listWorkers } from './list-workers.ts';

/** Whether another worker that is online could take tasks of the class. */
export async function otherWorkerServes(db: Db, not: WorkerId, queueClass: string): Promise<boolean> {
  const workers = await listWorkers(db);
  return workers.some(
    (worker) =>
      worker.id !== not &&
      worker.status === 'online' &&
      serves(Object.keys(registrationOf(worker).capabilities.encoders), queueClass),
  );
}
