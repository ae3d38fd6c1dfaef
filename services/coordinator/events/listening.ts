import { findLastEventPosition } from '../../../shared/db/queries/find-last-event-position.ts';
import { findSettledPosition } from '../../../shared/db/queries/find-settled-position.ts';
import { listNewestSeqs, type NewestSeq } from '../../../shared/db/queries/list-newest-seqs.ts';
import { readJobEvents } from '../../../shared/db/queries/read-job-events.ts';
import { readWorkerEvents } from '../../../shared/db/queries/read-worker-events.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import { type EventBody, isPassingEvent } from '../../../shared/wire/events.ts';
import { COMMIT_LAG_MS, createLaggingCursor, type LaggingCursor } from './lagging-cursor.ts';
import { createRecentIds } from './recent-ids.ts';
import { createSequencer } from './sequencer.ts';

/** One period in which somebody listens: what stood in the log at its beginning is no news, all that follows is. */
export type Listening = {
  /** Resolves when it is known what is no news. */
  readonly ready: Promise<void>;
  /** A committed or passing event came, from wherever. */
  accept(event: EventBody): void;
  /** Looks for news that nobody told. */
  look(): Promise<void>;
  /** Up to this position nothing can appear in the log any more. */
  settled(): number;
};

type Surroundings = {
  readonly store: Store;
  tell(event: EventBody): void;
  onError(error: unknown): void;
};

const PAGE = 500;
const REMEMBERED = 5000;

export function beginListening({ store, tell, onError }: Surroundings): Listening {
  const { db } = store;
  const early: EventBody[] = [];
  const isNew = createRecentIds(REMEMBERED);
  let cursor: LaggingCursor | undefined;
  const settled = () => cursor?.from() ?? 0;
  const read = (jobId: JobId, { seq, position }: { seq: number; position: number }) =>
    readJobEvents(db, { jobId, afterSeq: seq, afterPosition: position, limit: PAGE });
  const sequencer = createSequencer({ tell, read, settled, onError });

  async function begin(): Promise<void> {
    const lagMs = store.positionsAreOrdered ? 0 : COMMIT_LAG_MS;
    const start = store.positionsAreOrdered
      ? await findLastEventPosition(db)
      : await findSettledPosition(db, (await store.now()) - lagMs);
    const begunAt = performance.now();
    const newest = await listNewestSeqs(db, start);
    for (const { jobId, seq } of newest) if (jobId !== null) sequencer.begin(jobId, seq);
    for (const { id } of await readWorkerEvents(db, start)) isNew(id);
    cursor = createLaggingCursor({ start, lagMs });
    cursor.reached(lastOf(newest, start), begunAt);
    for (const event of early.splice(0)) accept(event);
  }

  function accept(event: EventBody): void {
    if (cursor === undefined) early.push(event);
    else if (event.job_id !== null && !isPassingEvent(event)) sequencer.accept(event, event.job_id as JobId);
    else if (isNew(event.id)) tell(event);
  }

  async function look(): Promise<void> {
    if (cursor === undefined) return;
    const begunAt = performance.now();
    const from = cursor.from();
    const newest = await listNewestSeqs(db, from);
    for (const { jobId, seq } of newest) if (jobId !== null) sequencer.hear(jobId, seq);
    if (newest.some(({ jobId }) => jobId === null)) for (const event of await readWorkerEvents(db, from)) accept(event);
    cursor.reached(lastOf(newest, from), begunAt);
    sequencer.tidy();
  }

  return { ready: begin(), accept, look, settled };
}

function lastOf(newest: readonly NewestSeq[], start: number): number {
  return newest.reduce((last, { position }) => Math.max(last, position), start);
}
