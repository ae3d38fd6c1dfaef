import { registrationOf, type WorkerRow } from '../../../../shared/db/rows.ts';
import { isoTime } from '../../../../shared/wire/times.ts';
import type { WorkerView } from '../../../../shared/wire/workers.ts';

/** A worker as clients see it; `activeTasks` are those it holds now. */
export function workerView(row: WorkerRow, activeTasks: number): WorkerView {
  const { type, address, cpu_threads, cpu_model, ram_bytes, labels, pools, capabilities, paths, version } =
    registrationOf(row);
  return {
    ...{ id: row.id, name: row.name, status: row.status, type, address },
    active_tasks: activeTasks,
    max_concurrent: Object.values(pools).reduce((sum, slots) => sum + slots, 0),
    last_heartbeat: isoTime(row.last_heartbeat_at),
    load: row.load,
    ...{ cpu_threads, cpu_model, ram_bytes, labels, pools, capabilities, paths, version },
  };
}
