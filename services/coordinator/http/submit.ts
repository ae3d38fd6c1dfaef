import { findJobs } from '../../../shared/db/queries/find-jobs.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { Submission } from '../../../shared/db/submission.ts';
import { submitJobs } from '../../../shared/db/transactions/submit-jobs.ts';
import { AppError } from '../../../shared/errors.ts';
import type { JobView } from '../../../shared/wire/jobs.ts';
import { loadJobViews } from './load-job-views.ts';
import { jobView } from './views/job-view.ts';

/** Where in the body a request of the list stands: `/jobs/3`; `''` where it is the whole body. */
type PointerTo = (index: number) => string;

/**
 * Submits requests and gives the jobs as clients see them, in the order of the requests, and whether any is new.
 *
 * @throws what `submitJobs` throws, with pointers into the body that `pointerTo` gives.
 */
export async function submit(store: Store, submissions: readonly Submission[], pointerTo: PointerTo) {
  const submitted = await submitJobs(store, submissions).catch((error: unknown) => {
    throw repoint(error, pointerTo);
  });
  // A new job is as it was written; the others are read, for they may have come far.
  const known = submitted.flatMap(({ id, job }) => (job === undefined ? [id] : []));
  const read = known.length === 0 ? [] : await loadJobViews(store, await findJobs(store.db, known));
  const views = new Map(read.map((view) => [view.id, view]));
  const jobs = submitted.flatMap(({ id, job }): JobView[] => {
    const view = job === undefined ? views.get(id) : jobView(job, undefined, job.created_at);
    return view === undefined ? [] : [view];
  });
  return { jobs, created: submitted.some((job) => job.created) };
}

/** The store counts the submissions (`/3`), the client its own body. */
function repoint(error: unknown, pointerTo: PointerTo): unknown {
  if (!(error instanceof AppError)) return error;
  const field = error.code === 'output_in_use' ? '/output' : '';
  const problems = error.problems.map(({ pointer, message }) => ({
    pointer: `${pointerTo(Number(pointer.slice(1)))}${field}`,
    message,
  }));
  return new AppError(error.code, error.message, { cause: error, problems });
}
