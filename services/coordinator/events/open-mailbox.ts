import type { JobId } from '../../../shared/job/ids.ts';
import type { EventBody } from '../../../shared/wire/events.ts';
import type { EventHub, Subscription } from './event-hub.ts';
import { createMailbox } from './mailbox.ts';

/** Events that have come for one reader, and the next one as it comes; undefined: nothing came for a while. */
export type EventMailbox = Subscription & { next(): Promise<EventBody | undefined> };

type Reader = {
  /** null: the events of all jobs and workers. */
  readonly jobId: JobId | null;
  readonly signal: AbortSignal;
  /** Called when the client reads so slowly that events had to be dropped: it must be cut off, and resumes. */
  onTooSlow(): void;
};

/** Shorter than the idle time-outs of proxies, commonly 30 to 60 s. */
const QUIET_MS = 15_000;
/** Some minutes of a busy farm; a client further behind reads the rest from the store when it comes back. */
const CAPACITY = 2000;

/** Begins to collect events for a reader. It must be unsubscribed, or its signal be aborted, in the end. */
export async function openMailbox(hub: EventHub, { jobId, signal, onTooSlow }: Reader): Promise<EventMailbox> {
  const mailbox = createMailbox<EventBody>(CAPACITY, onTooSlow);
  const subscription = await hub.subscribe(jobId, mailbox.put, signal);
  return { ...subscription, next: () => mailbox.take(QUIET_MS, signal) };
}
