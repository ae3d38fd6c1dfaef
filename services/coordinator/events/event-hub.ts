import { findLastEventPosition } from '../../../shared/db/queries/find-last-event-position.ts';
import { readEventsBetween, type StoredEvent } from '../../../shared/db/queries/read-events-between.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import { every } from '../../../shared/runtime/every.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { EventBody } from '../../../shared/wire/events.ts';

/** What a subscriber is told: a committed event with its place in the log, or one that passes and is kept nowhere. */
export type HubEvent = StoredEvent | { readonly position: null; readonly event: EventBody };

type Listener = (event: HubEvent) => void;

export type EventHub = {
  /**
   * From now on tells the listener of the job's events, or of all (null). Committed events after `position` are told
   * exactly once and in order; those up to it are to be read from the store.
   */
  subscribe(jobId: JobId | null, listener: Listener): { readonly position: number; unsubscribe(): void };
  /** Whether somebody listens to this job: nobody need make passing events that no one hears. */
  isHeard(jobId: JobId): boolean;
  /** Whether anybody listens to anything. */
  hasListeners(): boolean;
  /** Tells the listeners of something that is not kept: progress, log. */
  announce(event: EventBody): void;
  stop(): Promise<void>;
};

/** Unless something commits in this process: how late events of other processes on the same database are seen. */
const LOOK_MS = 1000;
const PAGE = 500;

/**
 * Distributes events to all that watch. The log is the truth and a commit only the nudge to read on: so events come in
 * commit order, once, whichever process wrote them.
 */
export async function startEventHub({ store, log }: { store: Store; log: Logger }): Promise<EventHub> {
  const all = new Set<Listener>();
  const byJob = new Map<JobId, Set<Listener>>();
  let position = await findLastEventPosition(store.db);

  function tell(told: HubEvent): void {
    for (const listener of all) listener(told);
    for (const listener of byJob.get(told.event.job_id as JobId) ?? []) listener(told);
  }

  async function readOn(): Promise<void> {
    for (let page = PAGE; page === PAGE; ) {
      const events = await readEventsBetween(store.db, { after: position, limit: PAGE });
      for (const event of events) {
        position = event.position;
        tell(event);
      }
      page = events.length;
    }
  }

  const reading = every(LOOK_MS, readOn, (error) => log.warn({ err: error }, 'events could not be read'));
  const ignoreCommits = store.events.subscribe(() => reading.wake());

  return {
    subscribe(jobId, listener) {
      const listeners = jobId === null ? all : (byJob.get(jobId) ?? new Set());
      if (jobId !== null) byJob.set(jobId, listeners);
      listeners.add(listener);
      return {
        position,
        unsubscribe() {
          listeners.delete(listener);
          if (jobId !== null && listeners.size === 0 && byJob.get(jobId) === listeners) byJob.delete(jobId);
        },
      };
    },
    isHeard: (jobId) => all.size > 0 || byJob.has(jobId),
    hasListeners: () => all.size > 0 || byJob.size > 0,
    announce: (event) => tell({ position: null, event }),
    async stop() {
      ignoreCommits();
      await reading.stop();
    },
  };
}
