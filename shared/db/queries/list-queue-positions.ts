import { sql } from 'kysely';
import type { JobId, TaskId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/** The places of a job's pending tasks, each in the queue of its class, from 1: the order of `claimableTasks`. */
export async function listQueuePositions(db: Db, jobId: JobId): Promise<Map<TaskId, number>> {
  const rows = await db
    .with('queue', (queue) =>
      queue
        .selectFrom('tasks')
        .select([
          'id',
          'job_id',
          sql<number>`row_number() over (
            partition by class order by priority desc, job_number, weight desc, ordinal
          )`.as('position'),
        ])
        .where('state', '=', 'pending'),
    )
    .selectFrom('queue')
    .select(['id', 'position'])
    .where('job_id', '=', jobId)
    .execute();
  return new Map(rows.map((row) => [row.id, Number(row.position)]));
}
