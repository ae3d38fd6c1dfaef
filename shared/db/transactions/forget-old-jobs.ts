import { FINAL_JOB_STATES } from '../../job/transitions.ts';
import type { Rules } from '../rules.ts';
import type { Store } from '../store.ts';

/** How many jobs one sweep removes at the most, so that it never holds up others for long. */
const AT_ONCE = 100;

/** Removes jobs that ended long ago with tasks, events and logs, and old events of workers. Returns how many jobs. */
export async function forgetOldJobs(store: Store, rules: Rules): Promise<number> {
  return store.transaction(async (tx) => {
    const before = tx.now - rules.retentionMs;
    const old = await tx.db
      .selectFrom('jobs')
      .select('id')
      .where('state', 'in', [...FINAL_JOB_STATES])
      .where('finished_at', '<', before)
      .limit(AT_ONCE)
      .execute();
    if (old.length > 0)
      await tx.db
        .deleteFrom('jobs')
        .where(
          'id',
          'in',
          old.map((row) => row.id),
        )
        .execute();
    await tx.db.deleteFrom('events').where('job_id', 'is', null).where('at', '<', before).execute();
    return old.length;
  });
}
