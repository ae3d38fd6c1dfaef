import { findJob } from '../../../shared/db/queries/find-job.ts';
import { readJobEvents } from '../../../shared/db/queries/read-job-events.ts';
import type { Db } from '../../../shared/db/store.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import { isFinalJobState } from '../../../shared/job/transitions.ts';
import { type EventBody, FINAL_JOB_EVENTS, isPassingEvent } from '../../../shared/wire/events.ts';
import type { EventHub } from './event-hub.ts';
import { formatEvent, HEARTBEAT, OPENING } from './format-event.ts';
import { type EventMailbox, openMailbox } from './open-mailbox.ts';

type JobStream = {
  readonly jobId: JobId;
  /** The `seq` of the last event that the client has; 0: none. */
  readonly after: number;
  readonly signal: AbortSignal;
  onTooSlow(): void;
};

const PAGE = 200;

/**
 * The text of a job's event stream: first what is stored, then what happens, each event once and in order, whatever the
 * hub tells. The subscription comes before the reading, so that nothing falls between them. Ends with the job.
 */
export async function streamJobEvents(
  { db, hub }: { readonly db: Db; readonly hub: EventHub },
  stream: JobStream,
): Promise<AsyncGenerator<string>> {
  return tell(db, await openMailbox(hub, stream), stream);
}

async function* tell(db: Db, mailbox: EventMailbox, { jobId, after, signal }: JobStream): AsyncGenerator<string> {
  let told = after;
  /** What is stored and not told yet. */
  async function* stored(): AsyncGenerator<EventBody> {
    for (let page = PAGE; page === PAGE && !signal.aborted; ) {
      const events = await readJobEvents(db, { jobId, afterSeq: told, limit: PAGE });
      for (const event of events) {
        told = event.seq;
        yield event;
      }
      page = events.length;
    }
  }
  async function* following(event: EventBody): AsyncGenerator<EventBody> {
    if (isPassingEvent(event)) yield event;
    else if (event.seq > told + 1) yield* stored();
    else if (event.seq === told + 1) {
      told = event.seq;
      yield event;
    }
  }

  try {
    yield OPENING;
    // Asked before the history is read: a job that ends later than this ends in the history or in the mailbox.
    const ended = await hasEnded(db, jobId);
    for await (const event of stored()) {
      yield formatEvent(event);
      if (isLast(event)) return;
    }
    while (!ended && !signal.aborted) {
      const news = await mailbox.next();
      if (news === undefined) yield HEARTBEAT;
      else
        for await (const event of following(news)) {
          yield formatEvent(event);
          if (isLast(event)) return;
        }
    }
  } finally {
    mailbox.unsubscribe();
  }
}

async function hasEnded(db: Db, jobId: JobId): Promise<boolean> {
  const job = await findJob(db, jobId);
  return job === undefined || isFinalJobState(job.state);
}

function isLast({ event }: EventBody): boolean {
  return FINAL_JOB_EVENTS.includes(event);
}
