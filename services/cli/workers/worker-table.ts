import type { WorkerView } from '../../../shared/wire/workers.ts';
import { table } from '../print/table.ts';

/** Workers as people read them, one a line. */
export function workerTable(workers: readonly WorkerView[]): string {
  return table(['NAME', 'STATUS', 'TASKS', 'LOAD', 'THREADS', 'LAST HEARTBEAT', 'ID'], workers.map(row));
}

function row(worker: WorkerView): string[] {
  return [
    worker.name,
    worker.status,
    `${worker.active_tasks}/${worker.max_concurrent}`,
    worker.load.toFixed(2),
    String(worker.cpu_threads),
    worker.last_heartbeat,
    worker.id,
  ];
}
