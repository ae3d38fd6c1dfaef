import type { AttemptId, InstanceId, WorkerId } from '../../job/ids.ts';
import type { TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';

/** Records a claim, at the transaction's end: the try `task.attempt + 1` at the task. */
export async function insertAttempt(
  tx: Tx,
  task: TaskRow,
  claim: { attempt: AttemptId; worker: WorkerId; instance: InstanceId; settles: AttemptId | null },
): Promise<void> {
  tx.atEnd.push(
    tx.db.insertInto('attempts').values({
      id: claim.attempt,
      task_id: task.id,
      job_id: task.job_id,
      number: task.attempt + 1,
      worker_id: claim.worker,
      instance_id: claim.instance,
      settles: claim.settles,
      started_at: tx.now,
    }),
  );
}
