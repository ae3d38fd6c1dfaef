import { sumProgress } from '../../../shared/db/queries/sum-progress.ts';
import type { JobRow } from '../../../shared/db/rows.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { JobView } from '../../../shared/wire/jobs.ts';
import { loadJob } from './load-job.ts';
import { jobView } from './views/job-view.ts';

/** These jobs as clients see them, in the same order. */
export async function loadJobViews(store: Store, rows: readonly JobRow[]): Promise<JobView[]> {
  const ids = rows.map((row) => row.id);
  const [sums, now] = [await sumProgress(store.db, ids), await store.now()];
  return rows.map((row) => jobView(row, sums.get(row.id), now));
}

/** @throws AppError `not_found`. */
export async function loadJobView(store: Store, reference: string): Promise<JobView> {
  const row = await loadJob(store.db, reference);
  const sums = await sumProgress(store.db, [row.id]);
  return jobView(row, sums.get(row.id), await store.now());
}
