import type { Stack } from '../system/support/stack.ts';
import { containersByName } from '../system/support/workers.ts';

/** An attempt that ended with its worker. Times are the database's, of the same machine. */
export type Interruption = {
  readonly container: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** When the task's next attempt was claimed; Infinity: never. */
  readonly nextAt: number;
};

/** From the moment in which a task could be claimed until it first was; Infinity: it never was. */
export type Wait = { readonly at: number; readonly ms: number };

/** What the rows say, after the run. */
export type History = { readonly interruptions: readonly Interruption[]; readonly waits: readonly Wait[] };

export async function readHistory(stack: Stack): Promise<History> {
  return { interruptions: await readInterruptions(stack), waits: await readWaits(stack) };
}

async function readInterruptions(stack: Stack): Promise<Interruption[]> {
  const containers = await containersByName(stack);
  const rows = await stack.sql(`
    select w.name, a.started_at, a.ended_at,
           (select min(b.started_at) from attempts b where b.task_id = a.task_id and b.number > a.number)
      from attempts a join workers w on w.id = a.worker_id
     where a.outcome = 'interrupted'`);
  return rows.map(([name = '', startedAt = '', endedAt = '', nextAt = '']) => ({
    container: containers.get(name) ?? name,
    startedAt: timeOf(startedAt),
    endedAt: timeOf(endedAt),
    nextAt: timeOf(nextAt),
  }));
}

async function readWaits(stack: Stack): Promise<Wait[]> {
  // The job that watch-writes.ts writes to is of no worker's storage: nobody claims it.
  const rows = await stack.sql(`
    select min(case e.event when 'task.pending' then e.at end), min(case e.event when 'task.assigned' then e.at end)
      from events e join jobs j on j.id = e.job_id
     where e.event in ('task.pending', 'task.assigned') and j.input not like '%nowhere%'
     group by e.task_id`);
  return rows.map(([pending = '', assigned = '']) => ({
    at: timeOf(pending),
    ms: timeOf(assigned) - timeOf(pending),
  }));
}

function timeOf(cell: string): number {
  return cell === 'NULL' ? Number.POSITIVE_INFINITY : Number(cell);
}
