import { isFinalJobState } from '../../../shared/job/transitions.ts';
import { sleep } from '../../../shared/runtime/sleep.ts';
import type { LogPage } from '../../../shared/wire/jobs.ts';
import type { Client } from '../client.ts';
import { readLines } from './read-lines.ts';

type Line = LogPage['lines'][number];

/** So long at the most a stream goes unnoticed whose other end has frozen or vanished: no line comes from there either. */
const LONGEST_STREAM_MS = 15_000;
const BETWEEN_STREAMS_MS = 250;

/**
 * The lines of a job's log; with `follow` also those that come until the job has ended. Each once.
 *
 *   pages ─► stream ─► pages ─► stream ─► … the job has ended ─► pages
 *
 * Pages come late but have no gaps, so that it is known where to go on; a stream shows at once what comes, and may end
 * or break at any moment. Lines of a stream come again, in the next one or on a page, and are known by `seq`.
 *
 * @throws AppError `not_found` for an unknown job, `unavailable` when the farm stays away.
 */
export async function* readLog(client: Client, job: string, { follow }: { follow: boolean }): AsyncGenerator<Line> {
  /** What streams told of the lines after `after`. */
  const told = new Set<number>();
  let after = 0;
  for (;;) {
    // Asked before the pages: what an ended job said is then on them.
    const ended = !follow || isFinalJobState((await client.findJob(job)).state);
    for (;;) {
      const page = await client.readLogs(job, after);
      if (page.lines.length === 0) break;
      after = page.next;
      for (const line of page.lines) if (!told.delete(line.seq)) yield line;
    }
    if (ended) return;
    for await (const line of streamedLines(client, job, after)) {
      if (told.has(line.seq)) continue;
      told.add(line.seq);
      yield line;
    }
    await sleep(BETWEEN_STREAMS_MS);
  }
}

async function* streamedLines(client: Client, job: string, after: number): AsyncGenerator<Line> {
  try {
    const { body } = await client.openLogs(job, after, AbortSignal.timeout(LONGEST_STREAM_MS));
    if (body !== null) for await (const line of readLines(body)) yield JSON.parse(line) as Line;
  } catch {
    // What lasts, the next look at the job finds as well, and throws.
  }
}
