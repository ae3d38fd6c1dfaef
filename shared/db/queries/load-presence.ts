import { isPresent, registrationOf, type WorkerRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import type { Db } from '../store.ts';
import { leasesCouldBeRenewed } from './leases-could-be-renewed.ts';
import { listWorkers } from './list-workers.ts';

/** The workers that count where encoders may have left the fleet. */
export type Presence = {
  /** Heard of within `leftMs`, whatever their status: what was planned for them waits. */
  readonly known: readonly WorkerRow[];
  /** Those of them that new plans are made for. */
  readonly here: readonly WorkerRow[];
  /** Whether one of those that are known is still testing its encoders. */
  readonly proving: boolean;
};

/**
 * Asks who is there now. After an outage all workers look silent: none of them has left before coordinators were there
 * for `leftMs` to hear of it.
 */
export async function loadPresence(db: Db, now: number, rules: Rules): Promise<Presence> {
  const heardOf = await leasesCouldBeRenewed(db, now, { ...rules, leaseMs: rules.leftMs });
  const since = heardOf ? now - rules.leftMs : 0;
  const known = (await listWorkers(db)).filter((row) => row.last_heartbeat_at > since);
  const proving = known.some((row) => registrationOf(row).capabilities.proving);
  return { known, here: known.filter(isPresent), proving };
}
