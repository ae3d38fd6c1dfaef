import type { Failure } from '../../errors.ts';
import type { AttemptId, TaskId } from '../../job/ids.ts';
import type { Metrics } from '../../wire/workers.ts';
import type { AttemptsTable } from '../schema.ts';
import type { Tx } from '../store.ts';

type AttemptEnd = {
  readonly outcome: NonNullable<AttemptsTable['outcome']>;
  readonly error?: Failure | null;
  readonly metrics?: Metrics;
  readonly command?: string | null;
};

/** Writes how an attempt ended, unless that is known already: the first end counts. */
export async function endAttempt(tx: Tx, id: AttemptId, end: AttemptEnd): Promise<void> {
  await tx.db
    .updateTable('attempts')
    .set({
      ended_at: tx.now,
      outcome: end.outcome,
      error: end.error ? JSON.stringify(end.error) : null,
      ...(end.metrics ? { metrics: JSON.stringify(end.metrics) } : {}),
      ...(end.command ? { command: end.command } : {}),
    })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .execute();
}

/** The same end for all attempts at a task that are still open: a publication may have had settler after settler. */
export async function endOpenAttempts(
  tx: Tx,
  task: TaskId,
  { outcome, error }: Pick<AttemptEnd, 'outcome' | 'error'>,
): Promise<void> {
  await tx.db
    .updateTable('attempts')
    .set({ ended_at: tx.now, outcome, error: error ? JSON.stringify(error) : null })
    .where('task_id', '=', task)
    .where('ended_at', 'is', null)
    .execute();
}
