import type { Failure } from '../../errors.ts';
import { findJob } from '../queries/find-job.ts';
import type { JobRow, TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { planStage } from './advance-job.ts';
import { cancelTasks } from './end-job.ts';
import { failTask } from './fail-task.ts';

/**
 * A segment or the joined file is not what was planned: the job starts over as one task in one process, which cannot
 * mismatch. What is left of the plan is canceled: its tasks would count against the new one and join a second file.
 */
export async function joinAnew(tx: Tx, job: JobRow, mismatched: TaskRow, error: Failure): Promise<void> {
  await failTask(tx, mismatched, error);
  await cancelTasks(tx, job);
  await tx.db.updateTable('jobs').set({ whole: 1, open_tasks: 0 }).where('id', '=', job.id).execute();
  const changed = await findJob(tx.db, job.id);
  if (changed) await planStage(tx, changed, error.message);
}
