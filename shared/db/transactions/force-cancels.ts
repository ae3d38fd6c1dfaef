import { findTask } from '../queries/find-task.ts';
import type { Rules } from '../rules.ts';
import { confirmCancel } from '../steps/confirm-cancel.ts';
import { lockJob } from '../steps/lock-job.ts';
import type { Store } from '../store.ts';

/** Ends canceled tasks whose worker did not confirm within its lease and the grace. Returns how many it ended. */
export async function forceCancels(store: Store, rules: Rules): Promise<number> {
  const due = await store.db
    .selectFrom('tasks')
    .select(['id', 'job_id', 'token'])
    .where('state', '=', 'canceling')
    .where('lease_until', '<', (await store.now()) - rules.cancelGraceMs)
    .limit(500)
    .execute();
  let forced = 0;
  for (const { id, job_id, token } of due) {
    const ended = await store.transaction(async (tx) => {
      const job = await lockJob(tx, job_id);
      const task = await findTask(tx.db, id);
      return job && task && token !== null && (await confirmCancel(tx, job, task, token));
    });
    if (ended) forced += 1;
  }
  return forced;
}
