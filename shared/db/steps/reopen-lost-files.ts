import type { AudioResult, SegmentResult } from '../../job/task-result.ts';
import { taskStatesBefore } from '../../job/transitions.ts';
import { listTasks } from '../queries/list-tasks.ts';
import { type JobRow, resultOf, type TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { recordEvents } from './record-events.ts';

/**
 * Intermediate files that a report vouched for are missing or damaged: the tasks that made them are opened again, and
 * the assemble task waits for them as it did the first time. Nothing is charged to anybody's retries. Returns whether
 * any of the files was known.
 */
export async function reopenLostFiles(
  tx: Tx,
  job: JobRow,
  assemble: TaskRow,
  lost: readonly string[],
): Promise<boolean> {
  const makers = (await listTasks(tx.db, job.id)).filter(
    (task) => task.state === 'completed' && lost.some((path) => path === fileOf(task)),
  );
  if (makers.length === 0) return false;
  await blockAgain(tx, assemble);
  await openAgain(tx, makers);
  await tx.db
    .updateTable('jobs')
    .set((row) => ({
      stage: 'encode',
      open_tasks: makers.length,
      completed_tasks: row('completed_tasks', '-', makers.length),
    }))
    .where('id', '=', job.id)
    .execute();
  await recordEvents(
    tx,
    job.id,
    makers.map((task) => ({
      event: 'task.requeued',
      taskId: task.id,
      data: { kind: task.kind, ordinal: task.ordinal, reason: 'part_lost' },
    })),
  );
  return true;
}

async function blockAgain(tx: Tx, assemble: TaskRow): Promise<void> {
  await tx.db
    .updateTable('tasks')
    .set({ state: 'blocked', token: null, lease_until: null, progress: 0 })
    .where('id', '=', assemble.id)
    .where('state', 'in', taskStatesBefore('blocked'))
    .execute();
}

async function openAgain(tx: Tx, makers: readonly TaskRow[]): Promise<void> {
  const ids = makers.map((task) => task.id);
  await tx.db
    .updateTable('tasks')
    .set({
      state: 'pending',
      token: null,
      result: null,
      progress: 0,
      not_before: null,
      pending_at: tx.now,
      finished_at: null,
    })
    .where('id', 'in', ids)
    .where('state', '=', 'completed')
    .execute();
}

function fileOf(task: TaskRow): string | undefined {
  if (task.kind !== 'segment' && task.kind !== 'audio') return undefined;
  return (resultOf(task) as SegmentResult | AudioResult | null)?.file.path;
}
