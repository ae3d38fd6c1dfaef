import { newId, type TaskId, type WorkerId } from '../../job/ids.ts';
import type { PlannedTask } from '../../job/plan/planned-task.ts';
import { queueClass } from '../../job/queue-class.ts';
import type { JobRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { recordEvents } from './record-events.ts';

/** How many rows go into one INSERT: well under SQLite's 32,766 and MariaDB's 65,535 bound values. */
const ROWS_AT_ONCE = 500;

/**
 * Creates a stage's tasks. An `assemble` task is born `blocked` and unblocked when the stage ends; all others are
 * `pending` and counted as open. `wanted` is the only worker that may claim them while it is online. UNIQUE (job, kind,
 * ordinal) makes a second creation fail instead of doubling them.
 */
export async function addTasks(
  tx: Tx,
  job: Pick<JobRow, 'id' | 'number' | 'priority'>,
  planned: readonly PlannedTask[],
  wanted: WorkerId | null = null,
): Promise<void> {
  const rows = planned.map((task) => ({ ...rowOf(tx, job, task), wanted_worker: wanted }));
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await tx.db
      .insertInto('tasks')
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .execute();
  }
  for (const name of new Set(rows.map((row) => row.class))) await addClass(tx, name);
  const open = rows.filter((row) => row.state === 'pending');
  await tx.db
    .updateTable('jobs')
    .set((job) => ({
      open_tasks: job('open_tasks', '+', open.length),
      total_tasks: job('total_tasks', '+', rows.length),
    }))
    .where('id', '=', job.id)
    .execute();
  await recordEvents(
    tx,
    job.id,
    open.map((row) => ({
      event: 'task.pending',
      taskId: row.id,
      data: { kind: row.kind, ordinal: row.ordinal, class: row.class },
    })),
  );
}

function rowOf(tx: Tx, job: Pick<JobRow, 'id' | 'number' | 'priority'>, task: PlannedTask) {
  return {
    id: newId<TaskId>(tx.now),
    job_id: job.id,
    kind: task.kind,
    ordinal: task.ordinal,
    state: task.kind === 'assemble' ? ('blocked' as const) : ('pending' as const),
    class: queueClass(task.encoders),
    priority: job.priority,
    job_number: job.number,
    weight: task.weight,
    spec: JSON.stringify(task.spec),
    attempt: 0,
    timeout_ms: task.timeoutMs,
    failures: 0,
    interruptions: 0,
    progress: 0,
    offered: 0,
    pending_at: task.kind === 'assemble' ? null : tx.now,
  };
}

async function addClass(tx: Tx, name: string): Promise<void> {
  const known = await tx.db.selectFrom('task_classes').select('name').where('name', '=', name).executeTakeFirst();
  if (!known) await tx.db.insertInto('task_classes').values({ name }).execute();
}
