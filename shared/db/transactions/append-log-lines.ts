import { AppError } from '../../errors.ts';
import type { AttemptId } from '../../job/ids.ts';
import type { LogsBody } from '../../wire/workers.ts';
import { findAttempt } from '../queries/find-attempt.ts';
import type { Store } from '../store.ts';

/** Keeps lines that an attempt wrote. @throws AppError `not_found` for an unknown attempt. */
export async function appendLogLines(store: Store, attemptId: AttemptId, { lines }: LogsBody): Promise<void> {
  if (lines.length === 0) return;
  const attempt = await findAttempt(store.db, attemptId);
  if (!attempt) throw new AppError('not_found', `there is no attempt ${attemptId}`);
  const rows = lines.map((line) => ({
    job_id: attempt.job_id,
    task_id: attempt.task_id,
    attempt_id: attemptId,
    stream: line.stream,
    text: line.text,
    at: Date.parse(line.at),
  }));
  await store.db.insertInto('log_lines').values(rows).execute();
}
