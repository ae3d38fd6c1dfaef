import { AppError } from '../../errors.ts';
import type { WorkerId } from '../../job/ids.ts';
import { HELD_TASK_STATES } from '../../job/transitions.ts';
import { findWorker } from '../queries/find-worker.ts';
import type { Store } from '../store.ts';

/** Removes a worker from the books. @throws AppError `unknown_worker`; `wrong_state` while it holds tasks. */
export async function forgetWorker(store: Store, id: WorkerId): Promise<void> {
  await store.transaction(async (tx) => {
    const worker = await findWorker(tx.db, id);
    if (!worker) throw new AppError('unknown_worker', `there is no worker ${id}`);
    const held = await tx.db
      .selectFrom('tasks')
      .select('id')
      .where('worker_id', '=', id)
      .where('state', 'in', [...HELD_TASK_STATES])
      .executeTakeFirst();
    if (held) throw new AppError('wrong_state', `${worker.name} is working: drain it first`);
    // A claim looks at this row but does not write it, as that would set all of a worker's claims and heartbeats against
    // each other: one that commits at the same moment slips in between. It does no harm, since leases and reports go by
    // the attempt: its worker registers again and finishes the task, or its lease runs out.
    await tx.db.deleteFrom('workers').where('id', '=', id).execute();
  });
}
