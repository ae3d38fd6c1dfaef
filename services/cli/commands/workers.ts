import type { WorkerView } from '../../../shared/wire/workers.ts';
import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { table } from '../print/table.ts';

export const workers: CommandRun = async (context) => {
  const found = await farmClient(context).listWorkers();
  const text = table(['NAME', 'STATUS', 'TASKS', 'LOAD', 'THREADS', 'LAST HEARTBEAT', 'ID'], found.map(row));
  context.output.answer({ workers: found, count: found.length }, text);
  return EXIT.done;
};

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
