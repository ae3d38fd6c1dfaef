import { interruptionDelayMs } from '../../job/backoff.ts';
import { leasesCouldBeRenewed } from '../queries/leases-could-be-renewed.ts';
import type { TaskRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import { LEASE_LOST } from '../steps/interrupt-task.ts';
import { lockJob } from '../steps/lock-job.ts';
import { recordEvents } from '../steps/record-events.ts';
import { workerToAvoid } from '../steps/worker-to-avoid.ts';
import type { Store, Tx } from '../store.ts';

/**
 * Makes tasks whose lease ran out claimable. That does not end their attempts: until somebody claims a task, its last
 * token may take it back (PROTOCOL A3), so the token stays in the row. Returns how many there were.
 */
export async function expireLeases(store: Store, rules: Rules): Promise<number> {
  const now = await store.now();
  if (!(await leasesCouldBeRenewed(store.db, now, rules))) return 0;
  const due = await store.db
    .selectFrom('tasks')
    .selectAll()
    .where('state', 'in', ['assigned', 'running'])
    .where('lease_until', '<', now)
    .limit(500)
    .execute();
  let expired = 0;
  for (const task of due) if (await store.transaction((tx) => expire(tx, task, now, rules))) expired += 1;
  return expired;
}

/**
 * `judgedAt`: the moment for which it is known that leases could have been renewed. The transaction may come long after
 * it, and what is renewed in between is not judged yet.
 */
async function expire(tx: Tx, task: TaskRow, judgedAt: number, rules: Rules): Promise<boolean> {
  if (!(await lockJob(tx, task.job_id))) return false;
  const avoid = task.worker_id === null ? null : await workerToAvoid(tx, task, task.worker_id, rules);
  // It waits as a retry does, from the last that was heard of it: mostly the lease was wait enough.
  const heardAt = (task.lease_until ?? tx.now) - rules.leaseMs;
  const delayMs = Math.max(0, heardAt + interruptionDelayMs(task.interruptions + 1) - tx.now);
  const changed = await tx.db
    .updateTable('tasks')
    .set({
      state: 'pending',
      pending_at: tx.now,
      not_before: tx.now + delayMs,
      avoid_worker: avoid?.worker ?? null,
      avoid_until: avoid ? tx.now + avoid.forMs : null,
    })
    .where('id', '=', task.id)
    .where('token', '=', task.token)
    .where('state', 'in', ['assigned', 'running'])
    .where('lease_until', '<', judgedAt)
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) return false;
  await recordEvents(tx, task.job_id, [
    {
      event: 'task.requeued',
      taskId: task.id,
      attempt: task.attempt,
      ...(task.worker_id === null ? {} : { workerId: task.worker_id }),
      data: { kind: task.kind, ordinal: task.ordinal, error: LEASE_LOST, retry_in_seconds: delayMs / 1000 },
    },
  ]);
  return true;
}
