import type { AttemptId } from '../../job/ids.ts';
import { FINAL_JOB_STATES } from '../../job/transitions.ts';
import type { Db } from '../store.ts';

/**
 * Those of the attempts whose files nobody will read again: they ended without a result, or their job is final. An
 * attempt that the database does not know is not among them (it may have forgotten a claim), nor is a winner whose
 * publication is not finished.
 */
export async function findEndedAttempts(db: Db, ids: readonly AttemptId[]): Promise<AttemptId[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('attempts')
    .innerJoin('tasks', 'tasks.id', 'attempts.task_id')
    .innerJoin('jobs', 'jobs.id', 'attempts.job_id')
    .select('attempts.id')
    .where('attempts.id', 'in', [...ids])
    .where((where) =>
      where.or([
        where('jobs.state', 'in', [...FINAL_JOB_STATES]),
        where.and([
          where('attempts.ended_at', 'is not', null),
          where('attempts.outcome', '!=', 'done'),
          where.or([where('tasks.winner', 'is', null), where('tasks.winner', '!=', where.ref('attempts.id'))]),
        ]),
      ]),
    )
    .execute();
  return rows.map((row) => row.id);
}
