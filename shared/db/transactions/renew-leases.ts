import { AppError } from '../../errors.ts';
import type { WorkerId } from '../../job/ids.ts';
import type { HeartbeatAnswer, HeartbeatBody } from '../../wire/workers.ts';
import { findAttempt } from '../queries/find-attempt.ts';
import { findTask } from '../queries/find-task.ts';
import { findWorker } from '../queries/find-worker.ts';
import { listSubscriptions } from '../queries/list-subscriptions.ts';
import { renewLeaseIfHeld } from '../queries/renew-lease-if-held.ts';
import { registrationOf, type WorkerRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import { lockJob } from '../steps/lock-job.ts';
import { recordWorkerEvent } from '../steps/record-events.ts';
import { startTask } from '../steps/start-task.ts';
import type { Store, Tx } from '../store.ts';

type Heartbeat = { readonly workerId: WorkerId; readonly body: HeartbeatBody; readonly rules: Rules };
type Held = HeartbeatBody['tasks'][number];

/**
 * Renews exactly the leases that a heartbeat lists, by token, and says which of its attempts shall end. An attempt
 * that is heard of for the first time makes its task `running`; one whose lease ran out takes its task back unless
 * somebody else claimed it (PROTOCOL A3, A11).
 *
 * @throws AppError `unknown_worker`; `name_in_use` when a newer instance of the worker has registered.
 */
export async function renewLeases(store: Store, heartbeat: Heartbeat): Promise<HeartbeatAnswer> {
  const { worker, unrenewed } = await store.transaction(async (tx) => {
    const unrenewed: Held[] = [];
    for (const held of heartbeat.body.tasks) {
      if (!(await renewLeaseIfHeld(tx, held, heartbeat.rules.leaseMs))) unrenewed.push(held);
    }
    // Tasks before their worker, as reports lock them: the other way round the two would wait for each other crosswise.
    // A heartbeat that is refused here takes its renewals back.
    return { worker: await seeWorker(tx, heartbeat), unrenewed };
  });
  const cancel: string[] = [];
  const lost: string[] = [];
  for (const held of unrenewed) {
    const fate = await startOrEnd(store, held, heartbeat.rules);
    if (fate === 'cancel') cancel.push(held.token);
    if (fate === 'lost') lost.push(held.token);
  }
  const proved = Object.keys(registrationOf(worker).capabilities.encoders);
  return {
    cancel,
    lost,
    subscriptions: await listSubscriptions(store.db, proved, await store.now()),
    drain: worker.drain === 1,
  };
}

async function seeWorker(tx: Tx, { workerId, body }: Heartbeat): Promise<WorkerRow> {
  // Written before it is read, so that what is read is not older than what a quarantine or a drain has just written.
  const seen = await tx.db
    .updateTable('workers')
    .set({ last_heartbeat_at: tx.now, load: body.load })
    .where('id', '=', workerId)
    .where('instance_id', '=', body.instance_id)
    .executeTakeFirst();
  const worker = await findWorker(tx.db, workerId);
  if (!worker) throw new AppError('unknown_worker', `there is no worker ${workerId}: register again`);
  if (seen.numUpdatedRows === 0n)
    throw new AppError('name_in_use', `another instance of ${worker.name} has registered since`);
  const status =
    worker.status === 'quarantined'
      ? 'quarantined'
      : worker.drain === 1 && body.status === 'online'
        ? 'draining'
        : body.status;
  if (status === worker.status) return worker;
  await tx.db.updateTable('workers').set({ status }).where('id', '=', workerId).execute();
  await recordWorkerEvent(tx, { event: `worker.${status}`, workerId, data: { name: worker.name } });
  return worker;
}

/** What becomes of an attempt whose lease was not simply renewed. */
async function startOrEnd(store: Store, held: Held, rules: Rules): Promise<'held' | 'cancel' | 'lost'> {
  const claimed = await findAttempt(store.db, held.token);
  if (!claimed) return 'lost';
  return store.transaction(async (tx) => {
    const job = await lockJob(tx, claimed.job_id);
    const attempt = await findAttempt(tx.db, held.token);
    const task = await findTask(tx.db, claimed.task_id);
    if (!job || !task || !attempt || attempt.ended_at !== null) return 'lost';
    if (task.state === 'canceling' && task.token === held.token) return 'cancel';
    if (await startTask(tx, job, task, held.token, rules.leaseMs)) return 'held';
    // A winner whose publication a settler has taken over may still finish it: the file is the same.
    if (task.winner === held.token && (task.state === 'committing' || task.state === 'completed')) return 'held';
    return 'lost';
  });
}
