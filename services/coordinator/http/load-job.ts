import { findJob } from '../../../shared/db/queries/find-job.ts';
import { findJobByNumber } from '../../../shared/db/queries/find-job-by-number.ts';
import type { JobRow } from '../../../shared/db/rows.ts';
import type { Db } from '../../../shared/db/store.ts';
import { AppError } from '../../../shared/errors.ts';
import type { JobId } from '../../../shared/job/ids.ts';

/**
 * The job that an address names, by id or by number.
 *
 * @throws AppError `not_found`.
 */
export async function loadJob(db: Db, reference: string): Promise<JobRow> {
  const byNumber = /^[0-9]{1,15}$/.test(reference);
  const job = byNumber ? await findJobByNumber(db, Number(reference)) : await findJob(db, reference as JobId);
  if (job === undefined) throw new AppError('not_found', `there is no job ${reference}`);
  return job;
}
