import { AppError } from '../../errors.ts';
import type { JobId } from '../../job/ids.ts';
import { needsOfTask } from '../../job/needs-of-task.ts';
import type { Plan } from '../../job/plan/planned-task.ts';
import { lackOf, type Needs, type Offer, serves } from '../../job/queue-class.ts';
import { findJob } from '../queries/find-job.ts';
import { leasesCouldBeRenewed } from '../queries/leases-could-be-renewed.ts';
import { listNeeds } from '../queries/list-needs.ts';
import { listWorkers } from '../queries/list-workers.ts';
import { fleetOf } from '../queries/load-fleet.ts';
import {
  hopedOfferOf,
  type JobRow,
  offerOf,
  plannedAgainOf,
  registrationOf,
  requestOf,
  type WorkerRow,
} from '../rows.ts';
import type { Rules } from '../rules.ts';
import { lockJob } from '../steps/lock-job.ts';
import { planAnew } from '../steps/plan-anew.ts';
import { pathsOfJob, planJob } from '../steps/plan-job.ts';
import type { Db, Store } from '../store.ts';

/** Jobs that one pass takes on. */
const AT_ONCE = 100;

/**
 * A job whose encoders have left the fleet is planned again for what is there (PROTOCOL A14): its workers were forgotten
 * or have been silent for `leftMs`, or they have it no more; one that rests after a failure they still
 * have. Where no other plan would do better, the job waits. Returns how many there were.
 */
export async function planLeftJobsAnew(store: Store, rules: Rules): Promise<number> {
  const [workers, needs] = [await listWorkers(store.db), await listNeeds(store.db)];
  const now = await store.now();
  // After an outage all workers look silent: none of them has left before it could have been heard of again.
  const heardOf = await leasesCouldBeRenewed(store.db, now, { ...rules, leaseMs: rules.leftMs });
  const since = heardOf ? now - rules.leftMs : 0;
  const known = workers.filter((row) => row.status !== 'offline' || row.last_heartbeat_at > since);
  // A worker that is away for a moment keeps a job waiting, but nothing new is planned for it.
  const here = known.filter((row) => row.status !== 'offline');
  if (here.length === 0 || known.some((row) => registrationOf(row).capabilities.proving)) return 0;
  const left = [...needs].filter(([, needed]) => hasLeft(needed, known.map(hopedOfferOf)));
  if (left.length === 0) return 0;
  const classes = left.map(([name]) => name);
  let planned = 0;
  for (const { job_id: id } of await waitingJobs(store.db, classes).limit(AT_ONCE).execute())
    if (await planAnewIfBetter(store, id, { here, classes, needs })) planned += 1;
  return planned;
}

/** Whether workers that could reach the files are there, and none of them has the encoders. */
function hasLeft(needed: Needs, offers: readonly Offer[]): boolean {
  const reaching = offers.filter((offer) => lackOf(offer, needed).paths.length === 0);
  return needed.encoders.length > 0 && reaching.length > 0 && !reaching.some((offer) => serves(offer, needed));
}

function waitingJobs(db: Db, classes: readonly string[]) {
  return db
    .selectFrom('tasks')
    .select('job_id')
    .distinct()
    .where('state', '=', 'pending')
    .where('ordinal', '>=', 0)
    .where('class', 'in', classes.length === 0 ? [''] : classes);
}

type Look = {
  readonly here: readonly WorkerRow[];
  readonly classes: readonly string[];
  readonly needs: ReadonlyMap<string, Needs>;
};

/** Looks first and locks after: a job that has to go on waiting is looked at with every pass. */
async function planAnewIfBetter(store: Store, id: JobId, look: Look): Promise<boolean> {
  const seen = await findJob(store.db, id);
  if (!seen || !isServed(planFor(seen, look.here), seen, look.here)) return false;
  return store.transaction(async (tx) => {
    const job = await lockJob(tx, id);
    const waiting = await waitingJobs(tx.db, look.classes).select('class').where('job_id', '=', id).executeTakeFirst();
    if (!job || !waiting || (job.stage !== 'measure' && job.stage !== 'encode')) return false;
    const { encoders = [] } = look.needs.get(waiting.class) ?? {};
    const reason = `no worker has ${encoders.join(' and ')} any more`;
    // Hardware that had failed does not come back when software leaves.
    await planAnew(tx, job, { reason, software: plannedAgainOf(job)?.software ?? false });
    return true;
  });
}

function planFor(job: JobRow, here: readonly WorkerRow[]): Plan | null {
  try {
    return planJob(job, fleetOf(here, pathsOfJob(job)));
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function isServed(plan: Plan | null, job: JobRow, here: readonly WorkerRow[]): boolean {
  const { input } = requestOf(job);
  const offers = here.map(offerOf);
  return plan?.tasks.every((task) => offers.some((offer) => serves(offer, needsOfTask(task, input)))) ?? false;
}
