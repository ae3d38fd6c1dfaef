import type { ProbeResult, TaskResult } from '../../job/task-result.ts';
import { taskStatesBefore } from '../../job/transitions.ts';
import type { AttemptRow, JobRow, TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { advanceJob } from './advance-job.ts';
import { recordEvents } from './record-events.ts';

/**
 * Completes a task that publishes nothing, and makes the job's next stage when it was the last open one. The counter
 * falls only when this statement changed the task's row, so a repeated report cannot lower it twice (PROTOCOL A6).
 */
export async function completeTask(
  tx: Tx,
  { job, task, attempt, result }: { job: JobRow; task: TaskRow; attempt: AttemptRow; result: TaskResult },
): Promise<void> {
  const changed = await tx.db
    .updateTable('tasks')
    .set({
      state: 'completed',
      result: JSON.stringify(result),
      progress: 1,
      error: null,
      lease_until: null,
      finished_at: tx.now,
    })
    .where('id', '=', task.id)
    .where('token', '=', attempt.id)
    .where('state', 'in', taskStatesBefore('completed'))
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return;
  const [, [counted]] = await tx.run([
    tx.db
      .updateTable('jobs')
      .set((row) => ({
        open_tasks: row('open_tasks', '-', 1),
        completed_tasks: row('completed_tasks', '+', 1),
        ...(task.kind === 'probe' ? { probe: JSON.stringify(result as ProbeResult) } : {}),
      }))
      .where('id', '=', job.id),
    tx.db.selectFrom('jobs').selectAll().where('id', '=', job.id),
  ]);
  await recordEvents(tx, job.id, [
    {
      event: 'task.completed',
      taskId: task.id,
      workerId: attempt.worker_id,
      attempt: attempt.number,
      data: { kind: task.kind, ordinal: task.ordinal },
    },
  ]);
  if (counted?.open_tasks === 0) await advanceJob(tx, counted);
}
