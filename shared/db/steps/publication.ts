import { failure } from '../../errors.ts';
import type { AttemptId, TaskId } from '../../job/ids.ts';
import type { ReportBody } from '../../wire/workers.ts';
import type { AttemptRow, JobRow, TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { clearInterruptions } from './clear-interruptions.ts';
import { endAttempt, endOf, endOfOpen, endOpenAttempts } from './end-attempt.ts';
import { completeJob } from './end-job.ts';
import { recordEvents } from './record-events.ts';
import { requeueTask } from './requeue-task.ts';

type PublicationReport = {
  readonly job: JobRow;
  readonly task: TaskRow;
  readonly attempt: AttemptRow;
  readonly body: ReportBody;
};

/**
 * The file was seen under its name, by the winner or a settler: the task and the job are complete. First or not, it is
 * so.
 */
export async function finishPublication(tx: Tx, { job, task, attempt, body }: PublicationReport): Promise<void> {
  const changed = await tx.db
    .updateTable('tasks')
    .set({
      state: 'completed',
      result: task.published,
      progress: 1,
      error: null,
      lease_until: null,
      offered: 0,
      finished_at: tx.now,
    })
    .where('id', '=', task.id)
    .where('state', '=', 'committing')
    .where('winner', '=', task.winner)
    .executeTakeFirst();
  tx.atEnd.push(endOf(tx, attempt.id, { outcome: 'done', metrics: body.metrics, command: body.command }));
  if (changed.numUpdatedRows === 0n || task.published === null || task.winner === null) return;
  tx.atEnd.push(
    endOfOpen(tx, task.id, { outcome: 'done' }),
    tx.db
      .updateTable('jobs')
      .set((row) => ({ completed_tasks: row('completed_tasks', '+', 1) }))
      .where('id', '=', job.id),
  );
  await clearInterruptions(tx, attempt.worker_id);
  await recordEvents(tx, job.id, [
    {
      event: 'task.completed',
      taskId: task.id,
      workerId: attempt.worker_id,
      attempt: attempt.number,
      data: { kind: task.kind, ordinal: task.ordinal },
    },
  ]);
  await completeJob(tx, job, task.published);
}

/**
 * A settler looked twice and found neither the part nor the file: the decision is taken back and the work done again.
 * Returns whether the settler still held the publication.
 */
export async function rollBackPublication(tx: Tx, { job, task, attempt }: PublicationReport): Promise<boolean> {
  if (attempt.settles === null || task.state !== 'committing' || task.token !== attempt.id || task.winner === null)
    return false;
  const error = failure('part_lost', 'the finished file vanished before it could be published');
  await endOpenAttempts(tx, task.id, { outcome: 'interrupted', error });
  await tx.db.updateTable('jobs').set({ winner: null }).where('id', '=', job.id).execute();
  await requeueTask(tx, task, { error, delayMs: 0, avoid: null, failures: 0, interruptions: 1 });
  return true;
}

/**
 * The holder of a publication gives it up: it is offered to whoever comes next. The decision stands, and so does the
 * winner's attempt: its file is the one that is going to be published.
 */
export async function leavePublication(tx: Tx, { task, attempt }: PublicationReport): Promise<void> {
  if (attempt.settles !== null) await endAttempt(tx, attempt.id, { outcome: 'interrupted' });
  await offerPublication(tx, task.id, attempt.id);
}

/** Lets whoever claims next finish the publication that this attempt holds, unless it is finished already. */
export async function offerPublication(tx: Tx, task: TaskId, holder: AttemptId): Promise<void> {
  await tx.db
    .updateTable('tasks')
    .set({ offered: 1 })
    .where('id', '=', task)
    .where('token', '=', holder)
    .where('state', '=', 'committing')
    .execute();
}
