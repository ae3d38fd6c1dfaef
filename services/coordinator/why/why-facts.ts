import { countActiveByClass } from '../../../shared/db/queries/count-active-by-class.ts';
import { findJob } from '../../../shared/db/queries/find-job.ts';
import { listNeeds } from '../../../shared/db/queries/list-needs.ts';
import { listQueuePositions } from '../../../shared/db/queries/list-queue-positions.ts';
import { listTasks } from '../../../shared/db/queries/list-tasks.ts';
import { listWorkers } from '../../../shared/db/queries/list-workers.ts';
import type { JobRow, TaskRow } from '../../../shared/db/rows.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { TaskId } from '../../../shared/job/ids.ts';
import type { Needs } from '../../../shared/job/queue-class.ts';
import type { BusyWorker } from './busy-worker.ts';

/** What the answer to "why?" is made from. */
export type WhyFacts = {
  readonly job: JobRow;
  readonly tasks: readonly TaskRow[];
  readonly workers: readonly BusyWorker[];
  /** What each class needs. */
  readonly needs: ReadonlyMap<string, Needs>;
  readonly positions: ReadonlyMap<TaskId, number>;
  readonly now: number;
};

/**
 * The job is read again after its tasks: one that has not ended then had unfinished tasks, while tasks that are read
 * after the job may have ended with it.
 */
export async function loadWhyFacts({ db, now }: Store, job: JobRow): Promise<WhyFacts> {
  const active = await countActiveByClass(db);
  const workers = (await listWorkers(db)).map((row) => ({ row, active: active.get(row.id) ?? new Map() }));
  const [tasks, positions] = [await listTasks(db, job.id), await listQueuePositions(db, job.id)];
  const needs = await listNeeds(db);
  const latest = (await findJob(db, job.id)) ?? job;
  return { job: latest, tasks, workers, needs, positions, now: await now() };
}
