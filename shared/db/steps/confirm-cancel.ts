import type { AttemptId } from '../../job/ids.ts';
import { hasCancelingTask } from '../queries/has-canceling-task.ts';
import type { JobRow, TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { endAttempt } from './end-attempt.ts';
import { finishCancel } from './end-job.ts';
import { recordEvents } from './record-events.ts';

/**
 * `canceling` has one exit. When it was the job's last held task, the job ends too. Returns whether the task was still
 * canceling, by this attempt.
 */
export async function confirmCancel(tx: Tx, job: JobRow, task: TaskRow, attempt: AttemptId): Promise<boolean> {
  const changed = await tx.db
    .updateTable('tasks')
    .set({ state: 'canceled', finished_at: tx.now, lease_until: null })
    .where('id', '=', task.id)
    .where('state', '=', 'canceling')
    .where('token', '=', attempt)
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return false;
  await endAttempt(tx, attempt, { outcome: 'canceled' });
  await recordEvents(tx, job.id, [{ event: 'task.canceled', taskId: task.id, attempt: task.attempt }]);
  if (job.state === 'canceling' && !(await hasCancelingTask(tx.db, job.id))) await finishCancel(tx, job);
  return true;
}
