import { findJob } from '../../../shared/db/queries/find-job.ts';
import { readLogLines } from '../../../shared/db/queries/read-log-lines.ts';
import type { Db } from '../../../shared/db/store.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import { isFinalJobState } from '../../../shared/job/transitions.ts';
import { logLineView } from '../http/views/log-line-view.ts';
import type { EventHub } from './event-hub.ts';
import { createMailbox } from './mailbox.ts';

type Following = {
  readonly jobId: JobId;
  readonly after: number;
  readonly limit: number;
  readonly signal: AbortSignal;
};

/** Without news of lines: how often to look for some that came through another process. */
const LOOK_MS = 1000;

/** A job's log as lines of JSON, from `after` on, until the job has ended and everything is told. */
export async function* followLog({ db, hub }: { db: Db; hub: EventHub }, following: Following): AsyncGenerator<string> {
  const { jobId, limit, signal } = following;
  // One piece of news is as good as many: it only says that it is time to look.
  const news = createMailbox<true>(1, () => {});
  const { unsubscribe } = hub.subscribe(jobId, () => news.put(true));
  try {
    let { after } = following;
    while (!signal.aborted) {
      const job = await findJob(db, jobId);
      const lines = await readLogLines(db, { jobId, after, limit });
      for (const line of lines) yield `${JSON.stringify(logLineView(line))}\n`;
      after = lines.at(-1)?.seq ?? after;
      if (lines.length < limit && (job === undefined || isFinalJobState(job.state))) return;
      if (lines.length < limit) await news.take(LOOK_MS, signal);
    }
  } finally {
    unsubscribe();
  }
}
