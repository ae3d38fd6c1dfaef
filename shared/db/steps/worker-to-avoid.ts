import type { WorkerId } from '../../job/ids.ts';
import { otherWorkerServes } from '../queries/other-worker-serves.ts';
import type { TaskRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import type { Tx } from '../store.ts';

/** The worker that a task is kept from, and for how long. */
export type Avoidance = { readonly worker: WorkerId; readonly forMs: number };

/**
 * Whom a task should rather not go to again: the worker that had it last; null when nobody else could take it, or
 * affinity binds it to that one.
 */
export async function workerToAvoid(tx: Tx, task: TaskRow, last: WorkerId, rules: Rules): Promise<Avoidance | null> {
  if (task.wanted_worker === last || !(await otherWorkerServes(tx.db, last, task.class))) return null;
  return { worker: last, forMs: rules.avoidMs };
}
