import { findSettledLine } from '../../../shared/db/queries/find-settled-line.ts';
import { readLogLines } from '../../../shared/db/queries/read-log-lines.ts';
import type { JobRow } from '../../../shared/db/rows.ts';
import type { Store } from '../../../shared/db/store.ts';
import { isFinalJobState } from '../../../shared/job/transitions.ts';
import type { LogPage } from '../../../shared/wire/jobs.ts';
import { COMMIT_LAG_MS } from '../events/lagging-cursor.ts';
import { logLineView } from './views/log-line-view.ts';

type Wanted = { readonly after: number; readonly limit: number };

/**
 * A page of a job's log. Where lines appear out of order, that of an unfinished job ends where some may still appear in
 * between: whoever went on behind them would never see those. Of one that has ended nobody waits for more: all is shown.
 */
export async function loadLogPage(store: Store, job: JobRow, { after, limit }: Wanted): Promise<LogPage> {
  const whole = store.positionsAreOrdered || isFinalJobState(job.state);
  const until = whole ? undefined : await settledLine(store, job);
  const lines = await readLogLines(store.db, { jobId: job.id, after, limit, ...(until !== undefined && { until }) });
  return { lines: lines.map(logLineView), next: lines.at(-1)?.seq ?? after };
}

async function settledLine(store: Store, { id }: JobRow): Promise<number> {
  return findSettledLine(store.db, { jobId: id, before: (await store.now()) - COMMIT_LAG_MS });
}
