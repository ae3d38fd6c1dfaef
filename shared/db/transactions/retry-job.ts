import { AppError } from '../../errors.ts';
import type { JobId } from '../../job/ids.ts';
import { findJob } from '../queries/find-job.ts';
import { requestOf } from '../rows.ts';
import type { Store } from '../store.ts';
import { submitJobs } from './submit-jobs.ts';

/**
 * Submits the request of a failed or canceled job again, as a new job.
 *
 * @throws AppError `not_found`; `wrong_state` for a job that has not failed; `output_in_use`.
 */
export async function retryJob(store: Store, id: JobId): Promise<JobId> {
  const job = await findJob(store.db, id);
  if (!job) throw new AppError('not_found', `there is no job ${id}`);
  if (job.state !== 'failed' && job.state !== 'canceled')
    throw new AppError('wrong_state', `the job is ${job.state}, only a failed or canceled one is tried again`);
  // The key makes the retry repeatable: asked twice, it gives the same new job.
  const [submitted] = await submitJobs(store, [{ request: requestOf(job), idempotencyKey: `retry:${id}` }]);
  if (!submitted) throw new AppError('internal', 'nothing was submitted');
  return submitted.id;
}
