import { registrationOf } from '../rows.ts';
import type { Db } from '../store.ts';
import { listWorkers } from './list-workers.ts';

/** What the farm can do, as far as it is known: every worker that registered and was not forgotten. */
export type Fleet = {
  /** Encoders that some worker proved. */
  readonly encoders: readonly string[];
  /** Whether some worker is still proving: more encoders may follow. */
  readonly proving: boolean;
  /** Slots of the workers that are online, at least 1. */
  readonly slots: number;
};

/** Asks what the farm can do now. */
export async function loadFleet(db: Db): Promise<Fleet> {
  const workers = (await listWorkers(db)).map((row) => ({ online: row.status === 'online', ...registrationOf(row) }));
  const encoders = new Set(workers.flatMap((worker) => Object.keys(worker.capabilities.encoders)));
  const slots = workers.filter((worker) => worker.online).reduce((sum, worker) => sum + (worker.pools.cpu ?? 0), 0);
  return {
    encoders: [...encoders],
    proving: workers.some((worker) => worker.capabilities.proving),
    slots: Math.max(1, slots),
  };
}
