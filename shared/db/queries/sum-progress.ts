import { sql } from 'kysely';
import type { JobId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/** What a job's tasks amount to. Weights are seconds of media. */
export type JobProgress = {
  readonly weight: number;
  /** The part of the weight that is done, running tasks included. */
  readonly done: number;
  /** Of the running tasks together; null when none says. */
  readonly fps: number | null;
  readonly speed: number | null;
  readonly attempts: number;
  readonly segments: number;
};

/** The progress of each of these jobs. One without tasks is not in the map. */
export async function sumProgress(db: Db, jobIds: readonly JobId[]): Promise<Map<JobId, JobProgress>> {
  if (jobIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('tasks')
    .select([
      'job_id',
      // Of the newest plan: what was given up counts below zero.
      sql<number>`sum(case when ordinal < 0 then 0 else weight end)`.as('weight'),
      sql<number>`sum(case when ordinal < 0 then 0 when state = 'completed' then weight else weight * progress end)`.as(
        'done',
      ),
      sql<number | null>`sum(case when state = 'running' then fps end)`.as('fps'),
      sql<number | null>`sum(case when state = 'running' then speed end)`.as('speed'),
      sql<number>`sum(attempt)`.as('attempts'),
      sql<number>`sum(case when kind = 'segment' and ordinal >= 0 then 1 else 0 end)`.as('segments'),
    ])
    .where('job_id', 'in', [...jobIds])
    .groupBy('job_id')
    .execute();
  return new Map(rows.map(({ job_id, ...progress }) => [job_id, progress]));
}
