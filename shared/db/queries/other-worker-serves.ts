import type { WorkerId } from '../../job/ids.ts';
import { serves } from '../../job/queue-class.ts';
import { offerOf } from '../rows.ts';
import type { Db } from '../store.ts';
import { findNeeds } from './find-needs.ts';
import { listWorkers } from './list-workers.ts';

/** Whether another worker that is online could take tasks of the class. */
export async function otherWorkerServes(db: Db, not: WorkerId, queueClass: string): Promise<boolean> {
  const [workers, needs] = [await listWorkers(db), await findNeeds(db, queueClass)];
  return workers.some((worker) => worker.id !== not && worker.status === 'online' && serves(offerOf(worker), needs));
}
