import { findJob } from '../queries/find-job.ts';
import type { JobRow, PlannedAgain } from '../rows.ts';
import type { Tx } from '../store.ts';
import { planStage } from './advance-job.ts';
import { cancelTasks } from './end-job.ts';

/**
 * Gives a job's plan up and makes another one from the same probe, in another family of encoders: what was made in the
 * first cannot be joined with it. The caller has ended the task that failed, if one did; what is left of the plan is
 * canceled, and its rows make way for those of the new plan.
 */
export async function planAnew(tx: Tx, job: JobRow, again: PlannedAgain): Promise<void> {
  await cancelTasks(tx, job, again.reason);
  await setAside(tx, job);
  await tx.db
    .updateTable('jobs')
    .set({ planned_again: JSON.stringify(again), open_tasks: 0, total_tasks: 1, completed_tasks: 1 }) // the probe
    .where('id', '=', job.id)
    .execute();
  const changed = await findJob(tx.db, job.id);
  if (changed) await planStage(tx, changed);
}

/** Counts the tasks of the plan on below zero, beneath those of earlier plans: each ordinal is there once. */
async function setAside(tx: Tx, { id }: JobRow): Promise<void> {
  const { lowest, highest } = await tx.db
    .selectFrom('tasks')
    .select((select) => [select.fn.min<number>('ordinal').as('lowest'), select.fn.max<number>('ordinal').as('highest')])
    .where('job_id', '=', id)
    .where('kind', '!=', 'probe')
    .executeTakeFirstOrThrow();
  const down = Number(highest ?? 0) + 1 - Math.min(0, Number(lowest ?? 0));
  await tx.db
    .updateTable('tasks')
    .set((row) => ({ ordinal: row('ordinal', '-', down) }))
    .where('job_id', '=', id)
    .where('kind', '!=', 'probe')
    .where('ordinal', '>=', 0)
    .execute();
}
