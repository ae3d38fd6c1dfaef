import { registrationOf, type TaskRow, type WorkerRow } from '../../../shared/db/rows.ts';
import { encodersOfClass } from '../../../shared/job/queue-class.ts';
import { isoTime } from '../../../shared/wire/times.ts';

/** A worker and how many tasks it holds. */
export type BusyWorker = { readonly row: WorkerRow; readonly active: number };

/** Why this worker does not take the task now, in words that follow its name. */
export function refusalOfWorker(
  task: TaskRow,
  { row, active }: BusyWorker,
  workers: readonly BusyWorker[],
  now: number,
): string {
  return (
    refusalByStatus(row) ??
    refusalByEncoders(row, task) ??
    refusalByPlacement(row, task, workers, now) ??
    refusalBySlots(row, active) ??
    (isDue(task, now) ? 'may take it' : 'may take it when it is due')
  );
}

export function isDue(task: TaskRow, now: number): boolean {
  return task.not_before === null || task.not_before <= now;
}

function refusalByStatus(row: WorkerRow): string | undefined {
  switch (row.status) {
    case 'online':
      return row.drain === 1 ? 'is draining' : undefined;
    case 'offline':
      return `is offline since ${isoTime(row.last_heartbeat_at)}`;
    case 'draining':
      return 'is draining';
    case 'error':
      return 'reports an error of its own, such as a lost storage';
    case 'quarantined':
      return 'is quarantined after too many interruptions in a row';
  }
}

function refusalByEncoders(row: WorkerRow, task: TaskRow): string | undefined {
  const { encoders, proving } = registrationOf(row).capabilities;
  const missing = encodersOfClass(task.class).filter((encoder) => !(encoder in encoders));
  if (missing.length === 0) return undefined;
  return `has not proved ${missing.join(' and ')}${proving ? ', but is still testing' : ''}`;
}

function refusalByPlacement(
  row: WorkerRow,
  task: TaskRow,
  workers: readonly BusyWorker[],
  now: number,
): string | undefined {
  const { avoid_worker, avoid_until, wanted_worker } = task;
  if (avoid_worker === row.id && avoid_until !== null && avoid_until > now)
    return `failed this task and is passed over until ${isoTime(avoid_until)}`;
  const wanted = workers.find((worker) => worker.row.id === wanted_worker)?.row;
  if (wanted?.status === 'online' && wanted.id !== row.id)
    return `leaves it to ${wanted.name}, which has the rest of the job`;
  return undefined;
}

function refusalBySlots(row: WorkerRow, active: number): string | undefined {
  const slots = Object.values(registrationOf(row).pools).reduce((sum, count) => sum + count, 0);
  return active >= slots ? `has no free slot (${active} of ${slots} in use)` : undefined;
}
