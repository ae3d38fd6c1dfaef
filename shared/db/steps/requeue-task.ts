import type { Failure } from '../../errors.ts';
import { taskStatesBefore } from '../../job/transitions.ts';
import type { TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { recordEvents } from './record-events.ts';
import type { Avoidance } from './worker-to-avoid.ts';

type Requeue = {
  readonly error: Failure;
  /** How long the task waits before it may be claimed. */
  readonly delayMs: number;
  readonly avoid: Avoidance | null;
  /** Which counters this adds to. */
  readonly failures: 0 | 1;
  readonly interruptions: 0 | 1;
};

/**
 * Puts a task whose attempt has ended back into `pending`. The old token is gone: nothing the attempt says counts any
 * more.
 */
export async function requeueTask(tx: Tx, task: TaskRow, requeue: Requeue): Promise<void> {
  const changed = await tx.db
    .updateTable('tasks')
    .set((row) => ({
      state: 'pending',
      token: null,
      lease_until: null,
      deadline_at: null,
      offered: 0,
      winner: null,
      published: null,
      committed_at: null,
      progress: 0,
      fps: null,
      speed: null,
      pending_at: tx.now,
      not_before: tx.now + requeue.delayMs,
      avoid_worker: requeue.avoid?.worker ?? null,
      avoid_until: requeue.avoid ? tx.now + requeue.avoid.forMs : null,
      failures: row('failures', '+', requeue.failures),
      interruptions: row('interruptions', '+', requeue.interruptions),
      error: JSON.stringify(requeue.error),
    }))
    .where('id', '=', task.id)
    .where('token', task.token === null ? 'is' : '=', task.token)
    .where('state', 'in', ['pending', ...taskStatesBefore('pending')])
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return;
  await recordEvents(tx, task.job_id, [
    {
      event: 'task.requeued',
      taskId: task.id,
      attempt: task.attempt,
      ...(task.worker_id === null ? {} : { workerId: task.worker_id }),
      data: { kind: task.kind, ordinal: task.ordinal, error: requeue.error, retry_in_seconds: requeue.delayMs / 1000 },
    },
  ]);
}
