import { newId, type TaskId, type WorkerId } from '../../job/ids.ts';
import { needsOfTask } from '../../job/needs-of-task.ts';
import type { PlannedTask } from '../../job/plan/planned-task.ts';
import { type Needs, queueClass } from '../../job/queue-class.ts';
import type { JobRow, TaskRow } from '../rows.ts';
import type { RecordedEvent, Tx } from '../store.ts';

/** How many rows go into one INSERT: well under SQLite's 32,766 and MariaDB's 65,535 bound values. */
const ROWS_AT_ONCE = 500;

type NewTask = {
  readonly job: Pick<JobRow, 'id' | 'number' | 'priority' | 'input'>;
  readonly planned: PlannedTask;
  /** The only worker that may claim it while that is online. */
  readonly wanted: WorkerId | null;
};

/**
 * Inserts tasks, of however many jobs, at the transaction's end, and at once the classes that are new with them. Returns
 * the tasks' rows.
 */
export async function insertTasks(tx: Tx, tasks: readonly NewTask[]) {
  const needs = new Map<string, Needs>();
  const rows = tasks.map((task) => {
    const needed = needsOfTask(task.planned, task.job.input);
    needs.set(queueClass(needed), needed);
    return rowOf(tx, task, queueClass(needed));
  });
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    tx.atEnd.push(tx.db.insertInto('tasks').values(rows.slice(from, from + ROWS_AT_ONCE)));
  await addClasses(tx, needs);
  return rows;
}

/** That a task may be claimed now. */
export function pendingEvent(row: Pick<TaskRow, 'id' | 'kind' | 'ordinal' | 'class'>): Omit<RecordedEvent, 'jobId'> {
  return {
    event: 'task.pending',
    taskId: row.id,
    data: { kind: row.kind, ordinal: row.ordinal, class: row.class },
  };
}

function rowOf(tx: Tx, { job, planned, wanted }: NewTask, queueClass: string) {
  return {
    id: newId<TaskId>(tx.now),
    job_id: job.id,
    kind: planned.kind,
    ordinal: planned.ordinal,
    state: planned.waits ? ('blocked' as const) : ('pending' as const),
    class: queueClass,
    priority: job.priority,
    job_number: job.number,
    weight: planned.weight,
    spec: JSON.stringify(planned.spec),
    attempt: 0,
    timeout_ms: planned.timeoutMs,
    failures: 0,
    interruptions: 0,
    progress: 0,
    offered: 0,
    pending_at: planned.waits ? null : tx.now,
    wanted_worker: wanted,
  };
}

/** Two transactions that meet a new class at the same moment: one of them is run again and finds it. */
async function addClasses(tx: Tx, needs: ReadonlyMap<string, Needs>): Promise<void> {
  const unknown = [...needs].filter(([name]) => !tx.knownClasses.has(name));
  if (unknown.length === 0) return;
  const rows = await tx.db
    .selectFrom('task_classes')
    .select('name')
    .where(
      'name',
      'in',
      unknown.map(([name]) => name),
    )
    .execute();
  for (const { name } of rows) tx.knownClasses.add(name);
  const added = unknown.filter(([name]) => !tx.knownClasses.has(name));
  if (added.length === 0) return;
  const values = added.map(([name, needed]) => ({ name, needs: JSON.stringify(needed) }));
  await tx.db.insertInto('task_classes').values(values).execute();
}
