import { offerOf, registrationOf, type TaskRow, type WorkerRow } from '../../../shared/db/rows.ts';
import { OWN_PATHS } from '../../../shared/job/path-variable.ts';
import { type Pool, poolOfEncoders } from '../../../shared/job/pools.ts';
import { lackOf, type Needs, type QueueClass } from '../../../shared/job/queue-class.ts';
import { isoTime } from '../../../shared/wire/times.ts';
import type { BusyWorker } from './busy-worker.ts';
import type { WhyFacts } from './why-facts.ts';

/** A task and what it needs; undefined: nothing that is known. */
export type NeedyTask = { readonly task: TaskRow; readonly needs: Needs | undefined };

/** Why this worker does not take the task now, in words that follow its name. */
export function refusalOfWorker(
  { task, needs }: NeedyTask,
  { row, active }: BusyWorker,
  { workers, needs: known, now }: Pick<WhyFacts, 'workers' | 'needs' | 'now'>,
): string {
  const pool = poolOfEncoders(needs?.encoders ?? []);
  return (
    refusalByStatus(row) ??
    (needs && refusalByNeeds(row, needs)) ??
    refusalByPlacement(row, task, workers, now) ??
    refusalBySlots(row, usedSlots(active, known, pool), pool) ??
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

function refusalByNeeds(row: WorkerRow, needs: Needs): string | undefined {
  const { encoders, paths } = lackOf(offerOf(row), needs);
  const variables = paths.filter((path) => path !== OWN_PATHS).map((path) => `\${${path}}`);
  const stillTesting = registrationOf(row).capabilities.proving ? ', but is still testing' : '';
  const reasons = [
    ...(variables.length > 0 ? [`does not have ${variables.join(' and ')}`] : []),
    ...(paths.includes(OWN_PATHS) ? ['does not take absolute names'] : []),
    ...(encoders.length > 0 ? [`has not proved ${encoders.join(' and ')}${stillTesting}`] : []),
  ];
  return reasons.length === 0 ? undefined : reasons.join(' and ');
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

/** Each pool has slots of its own. */
function usedSlots(active: BusyWorker['active'], needs: ReadonlyMap<QueueClass, Needs>, pool: Pool): number {
  const inPool = [...active].filter(([name]) => poolOfEncoders(needs.get(name)?.encoders ?? []) === pool);
  return inPool.reduce((sum, [, count]) => sum + count, 0);
}

function refusalBySlots(row: WorkerRow, active: number, pool: Pool): string | undefined {
  const slots = registrationOf(row).pools[pool] ?? 0;
  const what = pool === 'cpu' ? 'free slot' : `free slot of ${pool}`;
  return active >= slots ? `has no ${what} (${active} of ${slots} in use)` : undefined;
}
