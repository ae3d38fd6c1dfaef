import { failure } from '../../errors.ts';
import type { InstanceId, WorkerId } from '../../job/ids.ts';
import { HELD_TASK_STATES, type TaskState } from '../../job/transitions.ts';
import { findTask } from '../queries/find-task.ts';
import type { Rules } from '../rules.ts';
import { confirmCancel } from '../steps/confirm-cancel.ts';
import { interruptTask } from '../steps/interrupt-task.ts';
import { lockJob } from '../steps/lock-job.ts';
import { offerPublication } from '../steps/publication.ts';
import type { Store } from '../store.ts';

/** States in which a task waits for its last attempt: under its lease, or after it until the next claim. */
const OF_AN_ATTEMPT: readonly TaskState[] = ['pending', ...HELD_TASK_STATES];

/**
 * Ends the attempts that former lives of a worker process left behind: the worker has replayed its journal and started
 * anew, so nothing will ever be heard of them. A publication that was under way is offered to whoever comes next.
 */
export async function releaseFormerInstances(
  store: Store,
  { workerId, instanceId, rules }: { workerId: WorkerId; instanceId: InstanceId; rules: Rules },
): Promise<void> {
  const left = await store.db
    .selectFrom('tasks')
    .innerJoin('attempts', 'attempts.id', 'tasks.token')
    .select(['tasks.id as taskId', 'tasks.job_id as jobId', 'attempts.id as attemptId'])
    .where('tasks.worker_id', '=', workerId)
    .where('tasks.state', 'in', OF_AN_ATTEMPT)
    .where('attempts.instance_id', '!=', instanceId)
    .execute();
  for (const { taskId, jobId, attemptId } of left) {
    await store.transaction(async (tx) => {
      const job = await lockJob(tx, jobId);
      const task = await findTask(tx.db, taskId);
      // A last report that came first ended the task, which keeps the token: it is not to be opened again.
      if (!job || task?.token !== attemptId || !OF_AN_ATTEMPT.includes(task.state)) return;
      if (task.state === 'canceling') return confirmCancel(tx, job, task, attemptId);
      if (task.state === 'committing') return offerPublication(tx, taskId, attemptId);
      await interruptTask(tx, {
        job,
        task,
        attempt: attemptId,
        error: failure('lease_lost', 'the worker was restarted'),
        counted: true,
        again: 'later',
        rules,
      });
    });
  }
}
