import { AppError } from '../../errors.ts';
import type { WorkerId } from '../../job/ids.ts';
import type { Needs } from '../../job/queue-class.ts';
import type { HeartbeatAnswer, HeartbeatBody } from '../../wire/workers.ts';
import { attemptOfId, findAttempt } from '../queries/find-attempt.ts';
import { taskOfId } from '../queries/find-task.ts';
import { findWorker, workerOfId } from '../queries/find-worker.ts';
import { classesAndNeeds, needsByClass } from '../queries/list-needs.ts';
import { subscriptionsOf } from '../queries/list-subscriptions.ts';
import { renewLeaseIfHeld } from '../queries/renew-lease-if-held.ts';
import type { AttemptRow, WorkerRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import { jobLock, lockedJob } from '../steps/lock-job.ts';
import { recordWorkerEvent } from '../steps/record-events.ts';
import { startTask } from '../steps/start-task.ts';
import type { Db, Store, Tx } from '../store.ts';

type Heartbeat = { readonly workerId: WorkerId; readonly body: HeartbeatBody; readonly rules: Rules };
type Held = HeartbeatBody['tasks'][number];
type Claimed = Pick<AttemptRow, 'id' | 'task_id' | 'job_id'>;
type Fate = 'held' | 'cancel' | 'lost';
type Renewal = {
  readonly worker: WorkerRow;
  readonly needs: ReadonlyMap<string, Needs>;
  readonly unrenewed: readonly Held[];
  readonly now: number;
};

/**
 * Renews exactly the leases that a heartbeat lists, by token, and says which of its attempts shall end. An attempt
 * that is heard of for the first time makes its task `running`; one whose lease ran out takes its task back unless
 * somebody else claimed it (PROTOCOL A3, A11).
 *
 * @throws AppError `unknown_worker`; `name_in_use` when a newer instance of the worker has registered.
 */
export async function renewLeases(store: Store, heartbeat: Heartbeat): Promise<HeartbeatAnswer> {
  const { rules } = heartbeat;
  const { worker, needs, unrenewed, now } = await startAndRenew(store, heartbeat);
  const cancel: string[] = [];
  const lost: string[] = [];
  for (const held of unrenewed) {
    const attempt = await findAttempt(store.db, held.token);
    // What has ended stays so: many heartbeats list an attempt that was reported since, and lock no job for it.
    const fate = attempt?.ended_at === null ? await store.transaction((tx) => startOrEnd(tx, attempt, rules)) : 'lost';
    if (fate === 'cancel') cancel.push(held.token);
    if (fate === 'lost') lost.push(held.token);
  }
  return { cancel, lost, subscriptions: subscriptionsOf(worker, needs, now), drain: worker.drain === 1 };
}

/**
 * First of all what was just claimed, since it shows as running only from here on: the first of it in the very
 * transaction that finds it. A heartbeat has seldom more than one such task, and mostly none.
 */
async function startAndRenew(store: Store, heartbeat: Heartbeat): Promise<Renewal> {
  const { workerId, body, rules } = heartbeat;
  const tokens = new Set(body.tasks.map((held) => held.token));
  const look = [workerOfId(store.db, workerId), classesAndNeeds(store.db)] as const;
  const begun = await store.transaction(
    async (tx, [assigned, [worker], classes]) => {
      const [first, ...more] = assigned.filter(({ id }) => tokens.has(id));
      if (first) return { first, more, fate: await startOrEnd(tx, first, rules) };
      return { renewal: await renew(tx, heartbeat, { worker, classes, tasks: body.tasks }) };
    },
    [assignedTo(store.db, heartbeat), ...look],
  );
  if (begun.renewal) return begun.renewal;
  const started = new Set(begun.fate === 'held' ? [begun.first.id] : []);
  for (const attempt of begun.more)
    if ((await store.transaction((tx) => startOrEnd(tx, attempt, rules))) === 'held') started.add(attempt.id);
  const tasks = body.tasks.filter(({ token }) => !started.has(token));
  return store.transaction((tx, [[worker], classes]) => renew(tx, heartbeat, { worker, classes, tasks }), look);
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

type Seen = {
  readonly worker: WorkerRow | undefined;
  readonly classes: Parameters<typeof needsByClass>[0];
  readonly tasks: readonly Held[];
};

/** Tasks before their worker, as reports lock them: the other way round the two would wait for each other crosswise. */
async function renew(tx: Tx, heartbeat: Heartbeat, { worker, classes, tasks }: Seen): Promise<Renewal> {
  requirePresent(worker, heartbeat);
  const unrenewed: Held[] = [];
  for (const held of tasks) {
    if (!(await renewLeaseIfHeld(tx, held, heartbeat.rules.leaseMs))) unrenewed.push(held);
  }
  return { worker: await seeWorker(tx, worker, heartbeat), needs: needsByClass(classes), unrenewed, now: tx.now };
}

function requirePresent(worker: WorkerRow | undefined, { workerId, body }: Heartbeat): asserts worker is WorkerRow {
  if (!worker) throw new AppError('unknown_worker', `there is no worker ${workerId}: register again`);
  if (worker.instance_id !== body.instance_id)
    throw new AppError('name_in_use', `another instance of ${worker.name} has registered since`);
}

/** Notes that the worker was heard of, and what it says of itself unless it is quarantined. Returns its row then. */
async function seeWorker(tx: Tx, worker: WorkerRow, heartbeat: Heartbeat): Promise<WorkerRow> {
  const { body } = heartbeat;
  const seen = tx.db
    .updateTable('workers')
    .set({ last_heartbeat_at: tx.now, load: body.load })
    .where('id', '=', worker.id)
    .where('instance_id', '=', body.instance_id);
  if (statusAfter(worker, body) === worker.status) {
    tx.atEnd.push(seen);
    return worker;
  }
  // Written before it is read again: what is read then is not older than what a quarantine or a drain has just written.
  await seen.execute();
  const current = await findWorker(tx.db, worker.id);
  requirePresent(current, heartbeat);
  const status = statusAfter(current, body);
  if (status === current.status) return current;
  tx.atEnd.push(tx.db.updateTable('workers').set({ status }).where('id', '=', worker.id));
  await recordWorkerEvent(tx, { event: `worker.${status}`, workerId: worker.id, data: { name: worker.name } });
  return { ...current, status };
}

function statusAfter({ status, drain }: WorkerRow, said: HeartbeatBody): WorkerRow['status'] {
  if (status === 'quarantined') return 'quarantined';
  return drain === 1 && said.status === 'online' ? 'draining' : said.status;
}

/** What becomes of an attempt whose lease was not simply renewed. */
async function startOrEnd(tx: Tx, { id, job_id, task_id }: Claimed, rules: Rules): Promise<Fate> {
  const [, [row], [attempt], [task]] = await tx.run([
    ...jobLock(tx.db, job_id),
    attemptOfId(tx.db, id),
    taskOfId(tx.db, task_id),
  ]);
  const job = lockedJob(tx, row);
  if (!job || !task || !attempt || attempt.ended_at !== null) return 'lost';
  if (task.state === 'canceling' && task.token === id) return 'cancel';
  if (await startTask(tx, job, task, id, rules.leaseMs)) return 'held';
  // A winner whose publication a settler has taken over may still finish it: the file is the same.
  if (task.winner === id && (task.state === 'committing' || task.state === 'completed')) return 'held';
  return 'lost';
}
