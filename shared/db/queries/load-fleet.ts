import { HARDWARE_POOLS, type HardwarePool, type Pool } from '../../job/pools.ts';
import type { RegisterBody } from '../../wire/workers.ts';
import { isPresent, registrationOf, type WorkerRow } from '../rows.ts';
import type { Db } from '../store.ts';
import { listWorkers } from './list-workers.ts';

type Proved = {
  /** Encoders that some worker offers. */
  readonly encoders: readonly string[];
  readonly proving: boolean;
  /** Whether some of them may yet find hardware. */
  readonly provingHardware: boolean;
};

/** What the farm can do, as far as it is known: every worker that registered and was not forgotten. */
export type Fleet = {
  /** Encoders that some worker proved, those that rest after a failure among them. */
  readonly encoders: readonly string[];
  /** Path variables that some worker has. */
  readonly paths: readonly string[];
  /** Whether some worker is still proving: more encoders may follow. */
  readonly proving: boolean;
  /** What those do that are neither offline nor quarantined. */
  readonly present: Proved;
  /** Slots on the processors of the workers that are online, at least 1. */
  readonly slots: number;
  /** Slots of their hardware encoders. */
  readonly hardwareSlots: Readonly<Partial<Record<HardwarePool, number>>>;
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
  const all = rows.map((row) => ({ status: row.status, ...registrationOf(row) }));
  const able = all.filter((worker) => paths.every((path) => worker.paths.includes(path)));
  const workers = able.length > 0 ? able : all;
  const present = workers.filter(isPresent);
  const proved = provedBy(workers);
  const slotsOf = (pool: Pool) =>
    workers.reduce((sum, { status, pools }) => sum + (status === 'online' ? (pools[pool] ?? 0) : 0), 0);
  return {
    ...proved,
    encoders: [...new Set([...proved.encoders, ...workers.flatMap(({ capabilities }) => capabilities.resting ?? [])])],
    paths: [...new Set(workers.flatMap((worker) => worker.paths))],
    present: provedBy(present),
    slots: Math.max(1, slotsOf('cpu')),
    hardwareSlots: Object.fromEntries(HARDWARE_POOLS.map((pool) => [pool, slotsOf(pool)])),
  };
}

function provedBy(workers: readonly Pick<RegisterBody, 'capabilities'>[]): Proved {
  return {
    encoders: [...new Set(workers.flatMap(({ capabilities }) => Object.keys(capabilities.encoders)))],
    proving: workers.some(({ capabilities }) => capabilities.proving),
    provingHardware: workers.some(
      ({ capabilities }) => capabilities.proving && capabilities.proving_hardware !== false,
    ),
  };
}
