import type { AttemptId, TaskId, WorkerId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/**
 * What a claim depends on, as it is now: the task, the worker that would have it, and as `granted` the claim itself, when
 * it was sent twice. No row when the task or the worker is gone.
 */
export function claimLook(
  db: Db,
  claim: { readonly task: TaskId; readonly worker: WorkerId; readonly attempt: AttemptId },
) {
  return db
    .selectFrom('tasks')
    .innerJoin('workers', (join) => join.on('workers.id', '=', claim.worker))
    .leftJoin('attempts', (join) => join.on('attempts.id', '=', claim.attempt))
    .select(['tasks.state', 'tasks.attempt', 'tasks.token'])
    .select(['workers.status', 'workers.drain', 'workers.instance_id', 'workers.last_heartbeat_at'])
    .select('attempts.id as granted')
    .where('tasks.id', '=', claim.task);
}

export type ClaimLook = Awaited<ReturnType<ReturnType<typeof claimLook>['executeTakeFirstOrThrow']>>;
