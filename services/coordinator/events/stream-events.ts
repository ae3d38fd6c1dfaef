import { findJob } from '../../../shared/db/queries/find-job.ts';
import { readEventsBetween } from '../../../shared/db/queries/read-events-between.ts';
import type { Db } from '../../../shared/db/store.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import { isFinalJobState } from '../../../shared/job/transitions.ts';
import { FINAL_JOB_EVENTS } from '../../../shared/wire/events.ts';
import type { EventHub, HubEvent } from './event-hub.ts';
import { formatEvent, HEARTBEAT, OPENING } from './format-event.ts';
import { createMailbox } from './mailbox.ts';

type StreamRequest = {
  /** null: the events of all jobs and workers. */
  readonly jobId: JobId | null;
  /** The position after which the client wants to hear; null: from now on. */
  readonly after: number | null;
  readonly signal: AbortSignal;
  /** Called when the client reads so slowly that events had to be dropped: it must be cut off, and resumes. */
  onTooSlow(): void;
};

type Sources = { readonly db: Db; readonly hub: EventHub };

/** Shorter than the idle time-outs of proxies, commonly 30 to 60 s. */
const HEARTBEAT_MS = 15_000;
/** Some minutes of a busy farm; a client further behind reads the rest from the store when it comes back. */
const MAILBOX = 2000;
const PAGE = 200;

/**
 * The text of an event stream: first what is stored, then what happens. The subscription comes before the reading, and
 * the place where it began divides the two, so that no event is lost or told twice. A job's stream ends with the job.
 */
export async function* streamEvents(sources: Sources, request: StreamRequest): AsyncGenerator<string> {
  const mailbox = createMailbox<HubEvent>(MAILBOX, request.onTooSlow);
  const { position, unsubscribe } = sources.hub.subscribe(request.jobId, mailbox.put);
  try {
    yield OPENING;
    // Asked before the history is read: a job that ends later than this ends in the history or in the mailbox.
    const ended = await hasEnded(sources.db, request.jobId);
    // Others see a commit before the hub has read it: of an ended job everything is read, whatever the hub knows.
    for await (const told of history(sources.db, request, ended ? Number.MAX_SAFE_INTEGER : position)) {
      yield formatEvent(told);
      if (endsStream(request, told)) return;
    }
    while (!ended && !request.signal.aborted) {
      const told = await mailbox.take(HEARTBEAT_MS, request.signal);
      yield told ? formatEvent(told) : HEARTBEAT;
      if (told && endsStream(request, told)) return;
    }
  } finally {
    unsubscribe();
  }
}

async function* history(db: Db, request: StreamRequest, until: number): AsyncGenerator<HubEvent> {
  let after = request.after ?? until;
  while (after < until && !request.signal.aborted) {
    const page = await readEventsBetween(db, { after, until, jobId: request.jobId ?? undefined, limit: PAGE });
    yield* page;
    after = page.length < PAGE ? until : (page.at(-1)?.position ?? until);
  }
}

async function hasEnded(db: Db, jobId: JobId | null): Promise<boolean> {
  const job = jobId === null ? undefined : await findJob(db, jobId);
  return job !== undefined && isFinalJobState(job.state);
}

function endsStream(request: StreamRequest, { event }: HubEvent): boolean {
  return request.jobId !== null && FINAL_JOB_EVENTS.includes(event.event);
}
