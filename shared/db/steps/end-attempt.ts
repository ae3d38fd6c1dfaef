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

type SharedEnd = Pick<AttemptEnd, 'outcome' | 'error'>;

/** Writes how an attempt ended, unless that is known already: the first end counts. */
export async function endAttempt(tx: Tx, id: AttemptId, end: AttemptEnd): Promise<void> {
  await endOf(tx, id, end).execute();
}

/** The statement of it, for a transaction that keeps it for its end. */
export function endOf(tx: Tx, id: AttemptId, end: AttemptEnd) {
  return tx.db
    .updateTable('attempts')
    .set({
      ended_at: tx.now,
      outcome: end.outcome,
      error: end.error ? JSON.stringify(end.error) : null,
      ...(end.metrics ? { metrics: JSON.stringify(end.metrics) } : {}),
      ...(end.command ? { command: end.command } : {}),
    })
    .where('id', '=', id)
    .where('ended_at', 'is', null);
}

/** The same end for all attempts at a task that are still open: a publication may have had settler after settler. */
export async function endOpenAttempts(tx: Tx, task: TaskId, end: SharedEnd): Promise<void> {
  await endOfOpen(tx, task, end).execute();
}

/** The statement of it, for a transaction that keeps it for its end. */
export function endOfOpen(tx: Tx, task: TaskId, { outcome, error }: SharedEnd) {
  return tx.db
    .updateTable('attempts')
    .set({ ended_at: tx.now, outcome, error: error ? JSON.stringify(error) : null })
    .where('task_id', '=', task)
    .where('ended_at', 'is', null);
}
