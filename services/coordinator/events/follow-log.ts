import { findJob } from '../../../shared/db/queries/find-job.ts';
import { readLogLines } from '../../../shared/db/queries/read-log-lines.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import { isFinalJobState } from '../../../shared/job/transitions.ts';
import { logLineView } from '../http/views/log-line-view.ts';
import type { EventHub } from './event-hub.ts';
import { COMMIT_LAG_MS, createLaggingCursor } from './lagging-cursor.ts';
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
export async function* followLog(
  { store, hub }: { store: Store; hub: EventHub },
  { jobId, after, limit, signal }: Following,
): AsyncGenerator<string> {
  // One piece of news is as good as many: it only says that it is time to look.
  const news = createMailbox<true>(1, () => {});
  const { unsubscribe } = await hub.subscribe(jobId, () => news.put(true), signal);
  const cursor = createLaggingCursor({ start: after, lagMs: store.positionsAreOrdered ? 0 : COMMIT_LAG_MS });
  const told = new Set<number>();

  async function* newLines(): AsyncGenerator<string> {
    const begunAt = performance.now();
    let last = cursor.from();
    for (let page = limit; page === limit && !signal.aborted; ) {
      const lines = await readLogLines(store.db, { jobId, after: last, limit });
      for (const line of lines) if (!told.has(line.seq)) yield `${JSON.stringify(logLineView(line))}\n`;
      for (const line of lines) told.add(line.seq);
      last = lines.at(-1)?.seq ?? last;
      page = lines.length;
    }
    cursor.reached(last, begunAt);
    for (const seq of told) if (seq <= cursor.from()) told.delete(seq);
  }

  try {
    while (!signal.aborted) {
      const job = await findJob(store.db, jobId);
      yield* newLines();
      if (job === undefined || isFinalJobState(job.state)) return;
      await news.take(LOOK_MS, signal);
    }
  } finally {
    unsubscribe();
  }
}
