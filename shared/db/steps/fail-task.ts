import type { Failure } from '../../errors.ts';
import { taskStatesBefore } from '../../job/transitions.ts';
import type { TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { recordEvents } from './record-events.ts';

/** Ends a task for good. What that means for its job is the caller's to say. */
export async function failTask(tx: Tx, task: TaskRow, error: Failure): Promise<void> {
  const changed = await tx.db
    .updateTable('tasks')
    .set({ state: 'failed', error: JSON.stringify(error), finished_at: tx.now, token: null, lease_until: null })
    .where('id', '=', task.id)
    .where('token', task.token === null ? 'is' : '=', task.token)
    .where('state', 'in', taskStatesBefore('failed'))
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return;
  await recordEvents(tx, task.job_id, [
    {
      event: 'task.failed',
      taskId: task.id,
      attempt: task.attempt,
      ...(task.worker_id === null ? {} : { workerId: task.worker_id }),
      data: { kind: task.kind, ordinal: task.ordinal, error },
    },
  ]);
}
