import { registrationOf, type WorkerRow } from '../rows.ts';
import type { Db } from '../store.ts';
import { listWorkers } from './list-workers.ts';

/** What the farm can do, as far as it is known: every worker that registered and was not forgotten. */
export type Fleet = {
  /** Encoders that some worker proved. */
  readonly encoders: readonly string[];
  /** Path variables that some worker has. */
  readonly paths: readonly string[];
  /** Whether some worker is still proving: more encoders may follow. */
  readonly proving: boolean;
  /** Slots of the workers that are online, at least 1. */
  readonly slots: number;
};

/**
 * Asks what the farm can do now. With `paths`, what those workers can do that have all these path variables, as long as
 * there is one.
 */
export async function loadFleet(db: Db, paths: readonly string[] = []): Promise<Fleet> {
  return fleetOf(await listWorkers(db), paths);
}

/** What `fleetOf` wants to know of all workers, to be asked together with other things. */
export function workersOfFleet(db: Db) {
  return db.selectFrom('workers').select(['status', 'registration']);
}

/** The same of workers that have been read already: all that there are. */
export function fleetOf(
  rows: readonly Pick<WorkerRow, 'status' | 'registration'>[],
  paths: readonly string[] = [],
): Fleet {
  const all = rows.map((row) => ({ online: row.status === 'online', ...registrationOf(row) }));
  const able = all.filter((worker) => paths.every((path) => worker.paths.includes(path)));
  const workers = able.length > 0 ? able : all;
  const encoders = new Set(workers.flatMap((worker) => Object.keys(worker.capabilities.encoders)));
  const slots = workers.filter((worker) => worker.online).reduce((sum, worker) => sum + (worker.pools.cpu ?? 0), 0);
  return {
    encoders: [...encoders],
    paths: [...new Set(workers.flatMap((worker) => worker.paths))],
    proving: workers.some((worker) => worker.capabilities.proving),
    slots: Math.max(1, slots),
  };
}
