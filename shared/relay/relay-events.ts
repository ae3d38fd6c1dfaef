import type { Broker } from '../broker/broker.ts';
import { listUnpublishedEvents } from '../db/queries/list-unpublished-events.ts';
import { listUnpublishedJobs } from '../db/queries/list-unpublished-jobs.ts';
import type { Store } from '../db/store.ts';
import { markEventsPublished } from '../db/transactions/mark-events-published.ts';
import type { JobId } from '../job/ids.ts';
import type { EventBody } from '../wire/events.ts';
import { publishEvent } from './publish-event.ts';

type Ends = { readonly store: Store; readonly broker: Broker };

/** How many jobs one look reads, and how many of their events: what piled up while the broker was away may be a lot. */
const JOBS_AT_ONCE = 200;
const EVENTS_AT_ONCE = 2000;
/** How many jobs are told of at the same time, each in its own order: enough to hide the way to the broker. */
const LANES = 64;

/**
 * Publishes all events of these jobs (null: of the workers) that are not published yet, each job's in the order of
 * `seq`, and notes it. Two who do it at once publish some twice, in order all the same. Returns how many there were.
 *
 * @throws AppError `broker_unavailable`; what was confirmed until then is noted.
 */
export async function relayEvents(ends: Ends, jobs: readonly (JobId | null)[]): Promise<number> {
  const jobIds = jobs.filter((id) => id !== null);
  // Side by side: an event of the one that is not taken does not hold up the other.
  const parts = await Promise.allSettled([
    relayJobEvents(ends, jobIds),
    ...(jobIds.length < jobs.length ? [relayWorkerEvents(ends)] : []),
  ]);
  return parts.reduce((relayed, part) => {
    if (part.status === 'rejected') throw part.reason;
    return relayed + part.value;
  }, 0);
}

async function relayJobEvents(ends: Ends, jobIds: readonly JobId[]): Promise<number> {
  let relayed = 0;
  for (let from = 0; from < jobIds.length; from += JOBS_AT_ONCE) {
    const page = jobIds.slice(from, from + JOBS_AT_ONCE);
    for (let full = true; full; ) {
      const events = await listUnpublishedEvents(ends.store.db, { jobIds: page, limit: EVENTS_AT_ONCE });
      relayed += await publishInLanes(ends, [...Map.groupBy(events, (event) => event.job_id).values()]);
      full = events.length === EVENTS_AT_ONCE;
    }
  }
  return relayed;
}

async function relayWorkerEvents(ends: Ends): Promise<number> {
  const events = await listUnpublishedEvents(ends.store.db, { jobIds: null, limit: JOBS_AT_ONCE });
  return publishInLanes(ends, [...Map.groupBy(events, (event) => event.worker_id).values()]);
}

/**
 * Publishes what others left behind: events written before a moment (by the database's clock), page by page.
 *
 * @throws AppError `broker_unavailable`.
 */
export async function relayLeftovers(ends: Ends, before: number): Promise<number> {
  let relayed = 0;
  for (let page = JOBS_AT_ONCE; page === JOBS_AT_ONCE; ) {
    const jobs = await listUnpublishedJobs(ends.store.db, { before, limit: JOBS_AT_ONCE });
    relayed += await relayEvents(ends, jobs);
    page = jobs.length;
  }
  return relayed;
}

/** The groups side by side, each in its order: its next event goes out when the one before is confirmed. */
async function publishInLanes({ store, broker }: Ends, groups: readonly (readonly EventBody[])[]): Promise<number> {
  const confirmed: string[] = [];
  const waiting = groups.values();
  let failed: { readonly error: unknown } | undefined;
  const lane = async () => {
    for (const group of waiting)
      for (const event of group) {
        if (failed) return;
        await publishEvent(broker, event);
        confirmed.push(event.id);
      }
  };
  const lanes = Array.from({ length: Math.min(LANES, groups.length) }, () =>
    lane().catch((error: unknown) => {
      failed ??= { error };
    }),
  );
  await Promise.all(lanes);
  await markEventsPublished(store, confirmed);
  if (failed) throw failed.error;
  return confirmed.length;
}
