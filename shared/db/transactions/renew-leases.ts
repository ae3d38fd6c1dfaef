import { AppError } from '../../errors.ts';
import type { WorkerId } from '../../job/ids.ts';
import type { HeartbeatAnswer, HeartbeatBody } from '../../wire/workers.ts';
import { findAttempt } from '../queries/find-attempt.ts';
import { findTask } from '../queries/find-task.ts';
import { findWorker } from '../queries/find-worker.ts';
import { listSubscriptions } from '../queries/list-subscriptions.ts';
import { renewLeaseIfHeld } from '../queries/renew-lease-if-held.ts';
import { type AttemptRow, offerOf, type WorkerRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import { lockJob } from '../steps/lock-job.ts';
import { recordWorkerEvent } from '../steps/record-events.ts';
import { startTask } from '../steps/start-task.ts';
import type { Store, Tx } from '../store.ts';

type Heartbeat = { readonly workerId: WorkerId; readonly body: HeartbeatBody; readonly rules: Rules };
type Held = HeartbeatBody['tasks'][number];
type Claimed = Pick<AttemptRow, 'id' | 'task_id' | 'job_id'>;
type Fate = 'held' | 'cancel' | 'lost';

/**
 * Renews exactly the leases that a heartbeat lists, by token, and says which of its attempts shall end. An attempt
 * that is heard of for the first time makes its task `running`; one whose lease ran out takes its task back unless
 * somebody else claimed it (PROTOCOL A3, A11).
 *
 * @throws AppError `unknown_worker`; `name_in_use` when a newer instance of the worker has registered.
 */
export async function renewLeases(store: Store, heartbeat: Heartbeat): Promise<HeartbeatAnswer> {
  const { body, rules } = heartbeat;
  // First of all: what was just claimed shows as running only from here on.
  const started = await startAssigned(store, heartbeat);
  const others = body.tasks.filter(({ token }) => !started.has(token));
  const { worker, unrenewed, now } = await store.transaction(async (tx) => {
    const unrenewed: Held[] = [];
    for (const held of others) {
      if (!(await renewLeaseIfHeld(tx, held, rules.leaseMs))) unrenewed.push(held);
    }
    // Tasks before their worker, as reports lock them: the other way round the two would wait for each other crosswise.
    // A heartbeat that is refused here takes its renewals back.
    return { worker: await seeWorker(tx, heartbeat), unrenewed, now: tx.now };
  });
  const cancel: string[] = [];
  const lost: string[] = [];
  for (const held of unrenewed) {
    const attempt = await findAttempt(store.db, held.token);
    // What has ended stays so: many heartbeats list an attempt that was reported since, and lock no job for it.
    const fate = attempt?.ended_at === null ? await startOrEnd(store, attempt, rules) : 'lost';
    if (fate === 'cancel') cancel.push(held.token);
    if (fate === 'lost') lost.push(held.token);
  }
  return {
    cancel,
    lost,
    subscriptions: await listSubscriptions(store.db, offerOf(worker), now),
    drain: worker.drain === 1,
  };
}

/** Makes the tasks `running` that are heard of for the first time; the tokens of those that are. */
async function startAssigned(store: Store, { workerId, body, rules }: Heartbeat): Promise<Set<string>> {
  if (body.tasks.length === 0) return new Set();
  const assigned = await store.db
    .selectFrom('tasks')
    .innerJoin('attempts', 'attempts.id', 'tasks.token')
    .select(['attempts.id', 'attempts.task_id', 'attempts.job_id'])
    .where(
      'tasks.id',
      'in',
      body.tasks.map((held) => held.task_id),
    )
    .where('tasks.state', '=', 'assigned')
    .where('attempts.worker_id', '=', workerId)
    .where('attempts.instance_id', '=', body.instance_id)
    .execute();
  const tokens = new Set(body.tasks.map((held) => held.token));
  const started = new Set<string>();
  for (const attempt of assigned.filter(({ id }) => tokens.has(id)))
    if ((await startOrEnd(store, attempt, rules)) === 'held') started.add(attempt.id);
  return started;
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
async function startOrEnd(store: Store, { id, job_id, task_id }: Claimed, rules: Rules): Promise<Fate> {
  return store.transaction(async (tx) => {
    const job = await lockJob(tx, job_id);
    const attempt = await findAttempt(tx.db, id);
    const task = await findTask(tx.db, task_id);
    if (!job || !task || !attempt || attempt.ended_at !== null) return 'lost';
    if (task.state === 'canceling' && task.token === id) return 'cancel';
    if (await startTask(tx, job, task, id, rules.leaseMs)) return 'held';
    // A winner whose publication a settler has taken over may still finish it: the file is the same.
    if (task.winner === id && (task.state === 'committing' || task.state === 'completed')) return 'held';
    return 'lost';
  });
}
