import type { WorkerRow } from '../../../shared/db/rows.ts';
import type { QueueClass } from '../../../shared/job/queue-class.ts';

/** A worker and how many tasks of each class it holds. */
export type BusyWorker = { readonly row: WorkerRow; readonly active: ReadonlyMap<QueueClass, number> };
