import { type Failure, failure } from '../../errors.ts';
import { interruptionDelayMs } from '../../job/backoff.ts';
import type { AttemptId, WorkerId } from '../../job/ids.ts';
import { findAttempt } from '../queries/find-attempt.ts';
import { findWorker } from '../queries/find-worker.ts';
import { otherWorkerServes } from '../queries/other-worker-serves.ts';
import type { JobRow, TaskRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import type { Tx } from '../store.ts';
import { endAttempt } from './end-attempt.ts';
import { failJob } from './end-job.ts';
import { failTask } from './fail-task.ts';
import { lockQuarantines } from './lock-quarantines.ts';
import { recordWorkerEvent } from './record-events.ts';
import { requeueTask } from './requeue-task.ts';
import { workerToAvoid } from './worker-to-avoid.ts';

/** Why an attempt ends of which nothing was heard for a whole lease. */
export const LEASE_LOST = failure('lease_lost', 'the worker stopped renewing its lease');

type Interruption = {
  readonly job: JobRow;
  readonly task: TaskRow;
  readonly attempt: AttemptId;
  readonly error: Failure;
  /** False for what was done on purpose: shutdown and drain are never held against a task or a worker. */
  readonly counted: boolean;
  /** `now`: the caller claims the task in the same transaction; `later`: it goes back to its queue, to wait a little. */
  readonly again: 'now' | 'later';
  readonly rules: Rules;
};

/**
 * Ends an attempt that was broken off, and offers its task again, preferably to another worker. Too many of them on
 * enough workers mean that the task is what breaks them: it fails, and that is our fault. Returns whether the task may
 * be tried again.
 */
export async function interruptTask(
  tx: Tx,
  { job, task, attempt, error, counted, again, rules }: Interruption,
): Promise<boolean> {
  const ended = await findAttempt(tx.db, attempt);
  await endAttempt(tx, attempt, { outcome: 'interrupted', error });
  if (counted && ended) await countAgainstWorker(tx, ended.worker_id, task, rules);
  const interruptions = task.interruptions + (counted ? 1 : 0);
  if (counted && interruptions >= rules.maxInterruptions && (await enoughWorkersTried(tx, task))) {
    const tooOften = failure(
      'interrupted_too_often',
      `the task was interrupted ${interruptions} times, last: ${error.message}`,
    );
    await failTask(tx, task, tooOften);
    await failJob(tx, job, tooOften);
    return false;
  }
  if (again === 'now') {
    await tx.db
      .updateTable('tasks')
      .set({ token: null, interruptions })
      .where('id', '=', task.id)
      .where('token', '=', attempt)
      .execute();
    return true;
  }
  const avoid = counted && ended ? await workerToAvoid(tx, task, ended.worker_id, rules) : null;
  await requeueTask(tx, task, {
    error,
    delayMs: counted ? interruptionDelayMs(interruptions) : 0,
    avoid,
    failures: 0,
    interruptions: counted ? 1 : 0,
  });
  return true;
}

/** At least two workers, or all there are: one sick machine shall not condemn a task. */
async function enoughWorkersTried(tx: Tx, task: TaskRow): Promise<boolean> {
  const tried = await tx.db
    .selectFrom('attempts')
    .select('worker_id')
    .distinct()
    .where('task_id', '=', task.id)
    .where('outcome', '=', 'interrupted')
    .execute();
  if (tried.length >= 2) return true;
  const [only] = tried;
  return only === undefined || !(await otherWorkerServes(tx.db, only.worker_id, task.class));
}

/**
 * Three incidents in a row on different tasks point at the worker. One crash that breaks off many tasks is a single
 * incident.
 */
async function countAgainstWorker(tx: Tx, id: WorkerId, task: TaskRow, rules: Rules): Promise<void> {
  await tx.db
    .updateTable('workers')
    .set((row) => ({
      interruptions: row('interruptions', '+', 1),
      last_interrupted_task: task.id,
      last_interrupted_at: tx.now,
    }))
    .where('id', '=', id)
    .where((where) =>
      where.or([where('last_interrupted_task', 'is', null), where('last_interrupted_task', '!=', task.id)]),
    )
    .where((where) =>
      where.or([
        where('last_interrupted_at', 'is', null),
        where('last_interrupted_at', '<', tx.now - 2 * rules.leaseMs),
      ]),
    )
    .execute();
  const worker = await findWorker(tx.db, id);
  if (worker && worker.status !== 'quarantined' && worker.interruptions >= rules.quarantineAfter)
    await quarantineUnlessAlone(tx, id, task, rules);
}

/**
 * Who alone serves the task's class is never quarantined: nobody else could do the work. That has to be asked under a
 * lock: of two workers that are due at once, each would count on the other.
 */
async function quarantineUnlessAlone(tx: Tx, id: WorkerId, task: TaskRow, rules: Rules): Promise<void> {
  await lockQuarantines(tx);
  if (!(await otherWorkerServes(tx.db, id, task.class))) return;
  const changed = await tx.db
    .updateTable('workers')
    .set({ status: 'quarantined' })
    .where('id', '=', id)
    .where('interruptions', '>=', rules.quarantineAfter)
    .where('status', '!=', 'quarantined')
    .executeTakeFirst();
  if (changed.numUpdatedRows > 0n)
    await recordWorkerEvent(tx, {
      event: 'worker.quarantined',
      workerId: id,
      data: { interruptions: rules.quarantineAfter },
    });
}
