import { AppError } from '../../errors.ts';
import type { WorkerId } from '../../job/ids.ts';
import type { HeartbeatAnswer, HeartbeatBody } from '../../wire/workers.ts';
import { attemptOfId, findAttempt } from '../queries/find-attempt.ts';
import { taskOfId } from '../queries/find-task.ts';
import { findWorker } from '../queries/find-worker.ts';
import { listSubscriptions } from '../queries/list-subscriptions.ts';
import { renewLeaseIfHeld } from '../queries/renew-lease-if-held.ts';
import type { AttemptRow, WorkerRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import { lockJob } from '../steps/lock-job.ts';
import { recordWorkerEvent } from '../steps/record-events.ts';
import { startTask } from '../steps/start-task.ts';
import type { Db, Store, Tx } from '../store.ts';

type Heartbeat = { readonly workerId: WorkerId; readonly body: HeartbeatBody; readonly rules: Rules };
type Held = HeartbeatBody['tasks'][number];
type Claimed = Pick<AttemptRow, 'id' | 'task_id' | 'job_id'>;
type Fate = 'held' | 'cancel' | 'lost';
type Renewal = { readonly worker: WorkerRow; readonly unrenewed: readonly Held[]; readonly now: number };

/**
 * Renews exactly the leases that a heartbeat lists, by token, and says which of its attempts shall end. An attempt
 * that is heard of for the first time makes its task `running`; one whose lease ran out takes its task back unless
 * somebody else claimed it (PROTOCOL A3, A11).
 *
 * @throws AppError `unknown_worker`; `name_in_use` when a newer instance of the worker has registered.
 */
export async function renewLeases(store: Store, heartbeat: Heartbeat): Promise<HeartbeatAnswer> {
  const { rules } = heartbeat;
  const { worker, unrenewed, now } = await startAndRenew(store, heartbeat);
  const cancel: string[] = [];
  const lost: string[] = [];
  for (const held of unrenewed) {
    const attempt = await findAttempt(store.db, held.token);
    // What has ended stays so: many heartbeats list an attempt that was reported since, and lock no job for it.
    const fate = attempt?.ended_at === null ? await store.transaction((tx) => startOrEnd(tx, attempt, rules)) : 'lost';
    if (fate === 'cancel') cancel.push(held.token);
    if (fate === 'lost') lost.push(held.token);
  }
  return {
    cancel,
    lost,
    subscriptions: await listSubscriptions(store.db, worker, now),
    drain: worker.drain === 1,
  };
}

/**
 * First of all what was just claimed, since it shows as running only from here on: the first of it in the very
 * transaction that finds it. A heartbeat has seldom more than one such task, and mostly none.
 */
async function startAndRenew(store: Store, heartbeat: Heartbeat): Promise<Renewal> {
  const { body, rules } = heartbeat;
  const tokens = new Set(body.tasks.map((held) => held.token));
  const begun = await store.transaction(
    async (tx, [assigned]) => {
      const [first, ...more] = assigned.filter(({ id }) => tokens.has(id));
      if (first === undefined) return { renewal: await renew(tx, heartbeat, body.tasks) };
      return { first, more, fate: await startOrEnd(tx, first, rules) };
    },
    [assignedTo(store.db, heartbeat)],
  );
  if (begun.renewal) return begun.renewal;
  const started = new Set(begun.fate === 'held' ? [begun.first.id] : []);
  for (const attempt of begun.more)
    if ((await store.transaction((tx) => startOrEnd(tx, attempt, rules))) === 'held') started.add(attempt.id);
  const others = body.tasks.filter(({ token }) => !started.has(token));
  return store.transaction((tx) => renew(tx, heartbeat, others));
}

/** The attempts of this instance whose tasks have not been heard of since they were claimed. */
function assignedTo(db: Db, { workerId, body }: Heartbeat) {
  const tasks = body.tasks.map((held) => held.task_id);
  return db
    .selectFrom('tasks')
    .innerJoin('attempts', 'attempts.id', 'tasks.token')
    .select(['attempts.id', 'attempts.task_id', 'attempts.job_id'])
    .where('tasks.id', 'in', tasks.length === 0 ? [null] : tasks)
    .where('tasks.state', '=', 'assigned')
    .where('attempts.worker_id', '=', workerId)
    .where('attempts.instance_id', '=', body.instance_id);
}

/**
 * Tasks before their worker, as reports lock them: the other way round the two would wait for each other crosswise. A
 * heartbeat that is refused takes its renewals back.
 */
async function renew(tx: Tx, heartbeat: Heartbeat, tasks: readonly Held[]): Promise<Renewal> {
  const unrenewed: Held[] = [];
  for (const held of tasks) {
    if (!(await renewLeaseIfHeld(tx, held, heartbeat.rules.leaseMs))) unrenewed.push(held);
  }
  return { worker: await seeWorker(tx, heartbeat), unrenewed, now: tx.now };
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
  return { ...worker, status };
}

/** What becomes of an attempt whose lease was not simply renewed. */
async function startOrEnd(tx: Tx, { id, job_id, task_id }: Claimed, rules: Rules): Promise<Fate> {
  const job = await lockJob(tx, job_id);
  const [[attempt], [task]] = await tx.run([attemptOfId(tx.db, id), taskOfId(tx.db, task_id)]);
  if (!job || !task || !attempt || attempt.ended_at !== null) return 'lost';
  if (task.state === 'canceling' && task.token === id) return 'cancel';
  if (await startTask(tx, job, task, id, rules.leaseMs)) return 'held';
  // A winner whose publication a settler has taken over may still finish it: the file is the same.
  if (task.winner === id && (task.state === 'committing' || task.state === 'completed')) return 'held';
  return 'lost';
}
