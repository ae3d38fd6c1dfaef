import { AppError } from '../../errors.ts';
import type { JobId } from '../../job/ids.ts';
import { lockJob } from '../steps/lock-job.ts';
import type { Store } from '../store.ts';

/**
 * Changes what may be changed after submission. A new priority counts from the next claim on.
 *
 * @throws AppError `not_found`.
 */
export async function changeJob(
  store: Store,
  id: JobId,
  change: { priority?: number | undefined; labels?: readonly string[] | undefined },
): Promise<void> {
  await store.transaction(async (tx) => {
    const job = await lockJob(tx, id);
    if (!job) throw new AppError('not_found', `there is no job ${id}`);
    const { priority, labels } = change;
    if (labels !== undefined)
      await tx.db
        .updateTable('jobs')
        .set({ labels: JSON.stringify(labels) })
        .where('id', '=', id)
        .execute();
    if (priority === undefined) return;
    await tx.db.updateTable('jobs').set({ priority }).where('id', '=', id).execute();
    await tx.db.updateTable('tasks').set({ priority }).where('job_id', '=', id).execute();
  });
}
