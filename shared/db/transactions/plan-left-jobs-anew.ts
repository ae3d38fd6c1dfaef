import { lackOf, type Needs, serves } from '../../job/queue-class.ts';
import { listNeeds } from '../queries/list-needs.ts';
import { loadPresence } from '../queries/load-presence.ts';
import { readJobs } from '../queries/read-jobs.ts';
import { hopedOfferOf, type JobRow, plannedAgainOf, type WorkerRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import { keepFailures } from '../steps/keep-failures.ts';
import { lockJob } from '../steps/lock-job.ts';
import { mayBePlannedAnew } from '../steps/may-be-planned-anew.ts';
import { planAnew } from '../steps/plan-anew.ts';
import type { Db, Store } from '../store.ts';

/** Jobs that one pass plans again. */
const AT_ONCE = 100;

/**
 * A job whose encoders have left the fleet is planned again for what is there (PROTOCOL A14): its workers were forgotten
 * or have been silent for `leftMs`, or they have it no more; one that rests after a failure they still have.
 * Where no other plan would do better, the job waits. Returns how many there were.
 */
export async function planLeftJobsAnew(store: Store, rules: Rules): Promise<number> {
  const { known, here, proving } = await loadPresence(store.db, await store.now(), rules);
  if (here.length === 0 || proving) return 0;
  const needs = await listNeeds(store.db);
  const left = new Map([...needs].filter(([, needed]) => hasLeft(needed, known)));
  if (left.size === 0) return 0;
  const waiting = (await waitingJobs(store.db, left).execute()).map(({ job_id }) => job_id);
  let planned = 0;
  // Those that have to go on waiting do not count: however many they are, they keep nobody else from it.
  for await (const job of readJobs(store.db, waiting)) {
    if (await planAnewIfBetter(store, job, { here, left, rules })) planned += 1;
    if (planned === AT_ONCE) break;
  }
  return planned;
}

/** Whether workers that could reach the files are there, and none of them has the encoders. */
function hasLeft(needed: Needs, known: readonly WorkerRow[]): boolean {
  const offers = known.map(hopedOfferOf);
  const reaching = offers.filter((offer) => lackOf(offer, needed).paths.length === 0);
  return needed.encoders.length > 0 && reaching.length > 0 && !reaching.some((offer) => serves(offer, needed));
}

function waitingJobs(db: Db, classes: ReadonlyMap<string, Needs>) {
  return db
    .selectFrom('tasks')
    .select('job_id')
    .distinct()
    .where('state', '=', 'pending')
    .where('ordinal', '>=', 0)
    .where('class', 'in', [...classes.keys()]);
}

type Look = {
  readonly here: readonly WorkerRow[];
  /** The classes whose encoders have left, and what they need. */
  readonly left: ReadonlyMap<string, Needs>;
  readonly rules: Rules;
};

/** Looks first and locks after: a job that has to go on waiting is looked at with every pass. */
async function planAnewIfBetter(store: Store, seen: JobRow, { here, left, rules }: Look): Promise<boolean> {
  if (!mayBePlannedAnew(seen, here)) return false;
  const { id } = seen;
  return store.transaction(async (tx) => {
    const job = await lockJob(tx, id);
    const waiting = await waitingJobs(tx.db, left).select('class').where('job_id', '=', id).executeTakeFirst();
    const needed = waiting && left.get(waiting.class);
    if (!job || !needed) return false;
    // Workers may have come since the look, or changed.
    const now = await loadPresence(tx.db, tx.now, rules);
    if (now.proving || !hasLeft(needed, now.known) || !mayBePlannedAnew(job, now.here)) return false;
    const reason = `no worker has ${needed.encoders.join(' and ')} any more`;
    // Hardware that had failed does not come back when software leaves.
    await planAnew(tx, job, { reason, software: plannedAgainOf(job)?.software ?? false });
    await keepFailures(tx, id);
    return true;
  });
}
