import type { Store } from '../../../shared/db/store.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import { every } from '../../../shared/runtime/every.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { EventBody } from '../../../shared/wire/events.ts';
import type { EventFeed } from './event-feed.ts';
import { beginListening, type Listening } from './listening.ts';

type Listener = (event: EventBody) => void;

export type Subscription = {
  /** Up to this position nothing can appear in the log any more; above it some may be missing yet. */
  readonly settled: number;
  /** Safe twice. */
  unsubscribe(): void;
};

export type EventHub = {
  /**
   * From the moment on at which this resolves tells the listener of the job's events, or of all (null): of a job in the
   * order of `seq`, each at least once. The end of the signal ends the subscription too.
   *
   * @throws when the database does not answer.
   */
  subscribe(jobId: JobId | null, listener: Listener, signal: AbortSignal): Promise<Subscription>;
  /** Whether somebody listens to this job: nobody need make passing events that no one hears. */
  isHeard(jobId: JobId): boolean;
  /** Whether anybody listens to anything. */
  hasListeners(): boolean;
  /** Tells the listeners of something that is not kept: progress, log. */
  announce(event: EventBody): void;
  stop(): Promise<void>;
};

/** How late an event is seen that nobody told: one of another process, without a broker. */
const LOOK_MS = 1000;

type Dependencies = { readonly store: Store; readonly feed: EventFeed; readonly log: Logger };

/**
 * Distributes events to all that watch, whichever process wrote them. Nothing is read or remembered while nobody
 * listens.
 */
export function startEventHub({ store, feed, log }: Dependencies): EventHub {
  const all = new Set<Listener>();
  const byJob = new Map<JobId, Set<Listener>>();
  let listening: Listening | undefined;
  const onError = (error: unknown) => log.warn({ err: error }, 'events could not be read');

  function begin(): Listening {
    const begun = beginListening({
      store,
      onError,
      tell(event) {
        if (listening !== begun) return; // of a period that is over
        for (const listener of all) listener(event);
        for (const listener of byJob.get(event.job_id as JobId) ?? []) listener(event);
      },
    });
    return begun;
  }

  function remove(jobId: JobId | null, listener: Listener): void {
    const listeners = jobId === null ? all : byJob.get(jobId);
    listeners?.delete(listener);
    if (jobId !== null && listeners?.size === 0) byJob.delete(jobId);
    if (all.size === 0 && byJob.size === 0) listening = undefined;
  }

  const ignoreFeed = feed.listen((event) => listening?.accept(event));
  const looking = every(LOOK_MS, async () => listening?.look(), onError);

  return {
    async subscribe(jobId, listener, signal) {
      const listeners = jobId === null ? all : (byJob.get(jobId) ?? new Set());
      if (jobId !== null) byJob.set(jobId, listeners);
      listeners.add(listener);
      const unsubscribe = () => remove(jobId, listener);
      signal.addEventListener('abort', unsubscribe, { once: true });
      listening ??= begin();
      try {
        await listening.ready;
      } catch (error) {
        unsubscribe();
        throw error;
      }
      if (signal.aborted) unsubscribe();
      return { settled: listening?.settled() ?? 0, unsubscribe };
    },
    isHeard: (jobId) => all.size > 0 || byJob.has(jobId),
    hasListeners: () => all.size > 0 || byJob.size > 0,
    announce: (event) => listening?.accept(event),
    async stop() {
      ignoreFeed();
      await looking.stop();
    },
  };
}
