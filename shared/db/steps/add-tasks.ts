import type { WorkerId } from '../../job/ids.ts';
import type { PlannedTask } from '../../job/plan/planned-task.ts';
import type { JobRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { insertTasks, pendingEvent } from './insert-tasks.ts';
import { recordEvents } from './record-events.ts';

/**
 * Creates a job's tasks. One that waits for the results of others is born `blocked` and unblocked when their stage ends;
 * all others are `pending` and counted as open. `wanted` is the only worker that may claim them while it is online. UNIQUE (job, kind,
 * ordinal) makes a second creation fail instead of doubling them.
 */
export async function addTasks(
  tx: Tx,
  job: Pick<JobRow, 'id' | 'number' | 'priority' | 'input'>,
  planned: readonly PlannedTask[],
  wanted: WorkerId | null = null,
): Promise<void> {
  const rows = await insertTasks(
    tx,
    planned.map((task) => ({ job, planned: task, wanted })),
  );
  const open = rows.filter((row) => row.state === 'pending');
  tx.atEnd.push(
    tx.db
      .updateTable('jobs')
      .set((job) => ({
        open_tasks: job('open_tasks', '+', open.length),
        total_tasks: job('total_tasks', '+', rows.length),
      }))
      .where('id', '=', job.id),
  );
  await recordEvents(tx, job.id, open.map(pendingEvent));
}
