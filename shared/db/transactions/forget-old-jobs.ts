import type { JobId } from '../../job/ids.ts';
import { FINAL_JOB_STATES } from '../../job/transitions.ts';
import type { Rules } from '../rules.ts';
import type { Store, Tx } from '../store.ts';

/** How many jobs one sweep removes at the most, so that it never holds up others for long. */
const AT_ONCE = 100;

/** Removes jobs that ended long ago with tasks, events and logs, and old events of workers. Returns how many jobs. */
export async function forgetOldJobs(store: Store, rules: Rules): Promise<number> {
  const before = (await store.now()) - rules.retentionMs;
  const old = await store.db
    .selectFrom('jobs')
    .select('id')
    .where('state', 'in', [...FINAL_JOB_STATES])
    .where('finished_at', '<', before)
    .limit(AT_ONCE)
    .execute();
  let forgotten = 0;
  // One by one: all that belongs to a job goes with it, and a cluster has to certify a transaction as a whole.
  for (const { id } of old) if (await store.transaction((tx) => forget(tx, id, before))) forgotten += 1;
  await store.transaction((tx) =>
    tx.db.deleteFrom('events').where('job_id', 'is', null).where('at', '<', before).execute(),
  );
  return forgotten;
}

async function forget(tx: Tx, id: JobId, before: number): Promise<boolean> {
  const removed = await tx.db
    .deleteFrom('jobs')
    .where('id', '=', id)
    .where('state', 'in', [...FINAL_JOB_STATES])
    .where('finished_at', '<', before)
    .executeTakeFirst();
  return removed.numDeletedRows > 0n;
}
