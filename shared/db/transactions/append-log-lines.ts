import { AppError } from '../../errors.ts';
import type { AttemptId } from '../../job/ids.ts';
import type { LogsBody } from '../../wire/workers.ts';
import { findAttempt } from '../queries/find-attempt.ts';
import type { Store, Tx } from '../store.ts';

/**
 * Keeps lines that an attempt wrote, each once: lines carry the attempt's own count, and those that are there already
 * are passed over. Of two uploads of the same lines at the same moment one meets the unique key
 * (`attempt_id`, `line`), is repeated, and then finds them.
 *
 * @throws AppError `not_found` for an unknown attempt.
 */
export async function appendLogLines(store: Store, attemptId: AttemptId, body: LogsBody): Promise<void> {
  if (body.lines.length === 0) return;
  const attempt = await findAttempt(store.db, attemptId);
  if (!attempt) throw new AppError('not_found', `there is no attempt ${attemptId}`);
  const rows = body.lines.map((line, index) => ({
    job_id: attempt.job_id,
    task_id: attempt.task_id,
    attempt_id: attemptId,
    line: body.first_line + index,
    stream: line.stream,
    text: line.text,
    at: Date.parse(line.at),
  }));
  await store.transaction(async (tx) => {
    const kept = await keptLines(tx, attemptId, { first: body.first_line, last: body.first_line + rows.length - 1 });
    const missing = rows.filter(({ line }) => !kept.has(line));
    if (missing.length === 0) return;
    await tx.db
      .insertInto('log_lines')
      .values(missing.map((row) => ({ ...row, kept_at: tx.now })))
      .execute();
  });
}

async function keptLines(tx: Tx, attempt: AttemptId, { first, last }: { first: number; last: number }) {
  const rows = await tx.db
    .selectFrom('log_lines')
    .select('line')
    .where('attempt_id', '=', attempt)
    .where('line', '>=', first)
    .where('line', '<=', last)
    .execute();
  return new Set(rows.map(({ line }) => line));
}
