import type { AttemptId, TaskId, WorkerId } from '../../job/ids.ts';
import type { TaskRow, WorkerRow } from '../rows.ts';
import type { Db } from '../store.ts';

/** What a claim depends on, as it is now. */
export type ClaimLook = {
  readonly task: Pick<TaskRow, 'state' | 'attempt' | 'token'>;
  readonly worker: Pick<WorkerRow, 'status' | 'drain' | 'instance_id' | 'last_heartbeat_at'>;
  /** Whether this claim was granted already: it was sent twice. */
  readonly granted: boolean;
};

/** Looks at a task, at the worker that would have it and at the claim itself; undefined when the task or the worker is gone. */
export async function lookAtClaim(
  db: Db,
  claim: { readonly task: TaskId; readonly worker: WorkerId; readonly attempt: AttemptId },
): Promise<ClaimLook | undefined> {
  const row = await db
    .selectFrom('tasks')
    .innerJoin('workers', (join) => join.on('workers.id', '=', claim.worker))
    .leftJoin('attempts', (join) => join.on('attempts.id', '=', claim.attempt))
    .select(['tasks.state', 'tasks.attempt', 'tasks.token'])
    .select(['workers.status', 'workers.drain', 'workers.instance_id', 'workers.last_heartbeat_at'])
    .select('attempts.id as granted')
    .where('tasks.id', '=', claim.task)
    .executeTakeFirst();
  if (!row) return undefined;
  const { state, attempt, token, status, drain, instance_id, last_heartbeat_at, granted } = row;
  return {
    task: { state, attempt, token },
    worker: { status, drain, instance_id, last_heartbeat_at },
    granted: granted !== null,
  };
}
