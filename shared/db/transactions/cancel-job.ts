import { AppError } from '../../errors.ts';
import type { JobId } from '../../job/ids.ts';
import { isFinalJobState, jobStatesBefore } from '../../job/transitions.ts';
import { hasCancelingTask } from '../queries/has-canceling-task.ts';
import { cancelTasks, finishCancel } from '../steps/end-job.ts';
import { lockJob } from '../steps/lock-job.ts';
import { recordEvents } from '../steps/record-events.ts';
import type { Store, Tx } from '../store.ts';

/**
 * Cancels a job. It reads `canceled` at once when no worker holds one of its tasks, else `canceling` until they have
 * confirmed. Canceling again is fine.
 *
 * @throws AppError `not_found`; `too_late` once an attempt may publish; `wrong_state` when the job has ended otherwise.
 */
export async function cancelJob(store: Store, id: JobId): Promise<void> {
  await store.transaction(async (tx) => {
    const job = await lockJob(tx, id);
    if (!job) throw new AppError('not_found', `there is no job ${id}`);
    if (job.state === 'canceled' || job.state === 'canceling') return;
    if (isFinalJobState(job.state)) throw new AppError('wrong_state', `the job is ${job.state}`);
    if (await isCommitting(tx, id))
      throw new AppError('too_late', 'the file is being published: the job is going to complete');
    await cancelTasks(tx, job);
    // Not only those that were canceled now: a plan that was given up may have left some behind.
    if (!(await hasCancelingTask(tx.db, id))) return finishCancel(tx, job);
    await tx.db
      .updateTable('jobs')
      .set({ state: 'canceling', canceled_at: tx.now })
      .where('id', '=', id)
      .where('state', 'in', jobStatesBefore('canceling'))
      .execute();
    await recordEvents(tx, id, [{ event: 'job.canceling' }]);
  });
}

async function isCommitting(tx: Tx, id: JobId): Promise<boolean> {
  const task = await tx.db
    .selectFrom('tasks')
    .select('id')
    .where('job_id', '=', id)
    .where('state', '=', 'committing')
    .executeTakeFirst();
  return task !== undefined;
}
