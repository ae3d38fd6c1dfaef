import { AppError } from '../errors.ts';
import type { AttemptId } from '../job/ids.ts';
import type { PublishedFile } from '../job/task-result.ts';
import type { ClaimedTask } from '../wire/workers.ts';
import { specOf, type TaskRow } from './rows.ts';
import type { Rules } from './rules.ts';

type Given = {
  readonly token: AttemptId;
  /** The winner whose publication is to be finished; null for a task that is to be run. */
  readonly settles: AttemptId | null;
  readonly now: number;
  readonly rules: Rules;
};

/** A task as the worker that claimed it is told. `task.attempt` is the number of its attempt. */
export function claimedTaskOf(task: TaskRow, { token, settles, now, rules }: Given): ClaimedTask {
  return {
    task_id: task.id,
    job_id: task.job_id,
    kind: task.kind,
    ordinal: task.ordinal,
    attempt: task.attempt,
    token,
    lease_seconds: rules.leaseMs / 1000,
    spec: specOf(task),
    settle: settles === null ? null : settleOf(task, settles, now),
  };
}

function settleOf(task: TaskRow, winner: AttemptId, now: number): NonNullable<ClaimedTask['settle']> {
  if (task.published === null || task.committed_at === null)
    throw new AppError('internal', `task ${task.id} is committing without a file`);
  return {
    winner,
    file: JSON.parse(task.published) as PublishedFile,
    committed_seconds_ago: (now - task.committed_at) / 1000,
  };
}
