import type { AttemptId } from '../../job/ids.ts';
import { jobStatesBefore, taskStatesBefore } from '../../job/transitions.ts';
import type { JobRow, TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { recordEvents } from './record-events.ts';

/**
 * Makes a task `running` for the attempt that claimed it last: on the first sign of life, or when its lease had run out
 * and nobody else has claimed the task since (PROTOCOL A3). The job is locked, and both rows were read under its lock.
 * Returns whether it is running for this attempt now.
 */
export async function startTask(
  tx: Tx,
  job: JobRow,
  task: TaskRow,
  attempt: AttemptId,
  leaseMs: number,
): Promise<boolean> {
  if (task.state === 'running') return task.token === attempt;
  if (task.token !== attempt || !taskStatesBefore('running').includes(task.state)) return false;
  const isFirst = jobStatesBefore('running').includes(job.state);
  await tx.run([
    tx.db
      .updateTable('tasks')
      .set({ state: 'running', lease_until: tx.now + leaseMs, progress_at: tx.now, not_before: null, pending_at: null })
      .where('id', '=', task.id),
    ...(isFirst
      ? [
          tx.db
            .updateTable('jobs')
            .set({ state: 'running', started_at: job.started_at ?? tx.now })
            .where('id', '=', job.id),
        ]
      : []),
  ]);
  await recordEvents(tx, job.id, [
    ...(isFirst ? [{ event: 'job.running' as const }] : []),
    {
      event: 'task.running',
      taskId: task.id,
      attempt: task.attempt,
      ...(task.worker_id === null ? {} : { workerId: task.worker_id }),
      data: { kind: task.kind, ordinal: task.ordinal },
    },
  ]);
  return true;
}
