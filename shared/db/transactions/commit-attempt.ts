import type { AttemptId } from '../../job/ids.ts';
import { publishes } from '../../job/task.ts';
import { taskStatesBefore } from '../../job/transitions.ts';
import type { CommitBody } from '../../wire/workers.ts';
import { findAttempt } from '../queries/find-attempt.ts';
import { taskOfId } from '../queries/find-task.ts';
import type { Rules } from '../rules.ts';
import { jobLock, lockedJob } from '../steps/lock-job.ts';
import { startTask } from '../steps/start-task.ts';
import type { Store } from '../store.ts';

/**
 * The decision to publish: from here on this attempt's file, and no other, is going to stand under the output name.
 * It is recorded before the rename (PROTOCOL A1). Asked again, it says again what it said. `fenced` is definite: the
 * row names another attempt, or the job was canceled or has ended.
 */
export async function commitAttempt(
  store: Store,
  { attemptId, body, rules }: { attemptId: AttemptId; body: CommitBody; rules: Rules },
): Promise<'committed' | 'fenced'> {
  const claimed = await findAttempt(store.db, attemptId);
  if (!claimed) return 'fenced';
  const first = [...jobLock(store.db, claimed.job_id), taskOfId(store.db, claimed.task_id)] as const;
  return store.transaction(async (tx, [, [row], [task]]) => {
    const job = lockedJob(tx, row);
    if (!job || !task || !publishes(task.kind)) return 'fenced';
    if (task.winner === attemptId && (task.state === 'committing' || task.state === 'completed')) return 'committed';
    if (job.state === 'canceling' || !(await startTask(tx, job, task, attemptId, rules.leaseMs))) return 'fenced';
    const changed = await tx.db
      .updateTable('tasks')
      .set({
        state: 'committing',
        winner: attemptId,
        published: JSON.stringify(body.file),
        committed_at: tx.now,
        lease_until: tx.now + rules.leaseMs,
        offered: 0,
        progress: 1,
      })
      .where('id', '=', task.id)
      .where('token', '=', attemptId)
      .where('state', 'in', taskStatesBefore('committing'))
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) return 'fenced';
    tx.atEnd.push(
      tx.db.updateTable('jobs').set({ winner: attemptId }).where('id', '=', job.id),
      tx.db
        .updateTable('attempts')
        .set({ metrics: JSON.stringify(body.metrics), command: body.command })
        .where('id', '=', attemptId),
    );
    return 'committed';
  }, first);
}
