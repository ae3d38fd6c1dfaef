import type { Failure } from '../../errors.ts';
import { jobStatesBefore, taskStatesBefore } from '../../job/transitions.ts';
import type { JobRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { endAttempt } from './end-attempt.ts';
import { recordEvents } from './record-events.ts';

/** Ends a job as failed. Its tasks that nobody holds are canceled, those that run are told to end. */
export async function failJob(tx: Tx, job: JobRow, error: Failure): Promise<void> {
  const changed = await tx.db
    .updateTable('jobs')
    .set({ state: 'failed', error: JSON.stringify(error), finished_at: tx.now, output_reservation: null })
    .where('id', '=', job.id)
    .where('state', 'in', jobStatesBefore('failed'))
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return;
  await cancelTasks(tx, job);
  await recordEvents(tx, job.id, [{ event: 'job.failed', data: { error } }]);
}

/** Cancels the tasks of a job: at once where nobody holds them, else by asking the holder. `reason`: for its events. */
export async function cancelTasks(tx: Tx, job: JobRow, reason?: string): Promise<void> {
  await cancelWaitingTasks(tx, job, reason);
  await tx.db
    .updateTable('tasks')
    .set({ state: 'canceling' })
    .where('job_id', '=', job.id)
    .where('state', 'in', taskStatesBefore('canceling'))
    .execute();
}

/** A waiting task may have an attempt whose lease ran out: that ends here, and learns it from its next heartbeat. */
async function cancelWaitingTasks(tx: Tx, job: JobRow, reason?: string): Promise<void> {
  const waiting = await tx.db
    .selectFrom('tasks')
    .select(['id', 'kind', 'ordinal', 'token'])
    .where('job_id', '=', job.id)
    .where('state', 'in', ['blocked', 'pending'])
    .execute();
  if (waiting.length === 0) return;
  await tx.db
    .updateTable('tasks')
    .set({ state: 'canceled', finished_at: tx.now, lease_until: null })
    .where('job_id', '=', job.id)
    .where('state', 'in', ['blocked', 'pending'])
    .execute();
  for (const { token } of waiting) if (token !== null) await endAttempt(tx, token, { outcome: 'canceled' });
  await recordEvents(
    tx,
    job.id,
    waiting.map(({ id, kind, ordinal }) => ({
      event: 'task.canceled',
      taskId: id,
      data: { kind, ordinal, ...(reason !== undefined && { reason }) },
    })),
  );
}

/** Ends a job whose cancel is complete. */
export async function finishCancel(tx: Tx, job: JobRow): Promise<void> {
  const changed = await tx.db
    .updateTable('jobs')
    .set({ state: 'canceled', finished_at: tx.now, output_reservation: null })
    .where('id', '=', job.id)
    .where('state', 'in', jobStatesBefore('canceled'))
    .executeTakeFirst();
  if (changed.numUpdatedRows > 0n) await recordEvents(tx, job.id, [{ event: 'job.canceled' }]);
}

/** Ends a job whose file was seen under its name, at the transaction's end. The row was read under the job's lock. */
export async function completeJob(tx: Tx, job: JobRow, published: string): Promise<void> {
  if (!jobStatesBefore('completed').includes(job.state)) return;
  tx.atEnd.push(
    tx.db
      .updateTable('jobs')
      .set({ state: 'completed', result: published, finished_at: tx.now, open_tasks: 0, output_reservation: null })
      .where('id', '=', job.id),
  );
  await recordEvents(tx, job.id, [{ event: 'job.completed', data: { output: job.output } }]);
}
