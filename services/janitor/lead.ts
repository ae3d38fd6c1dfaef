import type { Store } from '../../shared/db/store.ts';
import { giveUpLeaderLease, takeLeaderLease } from '../../shared/db/transactions/take-leader-lease.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { JANITOR_LEAD } from '../../shared/wire/sweeps.ts';

/** The lead over the other janitors: it saves double work, nothing depends on it. */
export type Lead = {
  /** Takes or keeps it. Returns whether this janitor is to sweep. */
  take(): Promise<boolean>;
  giveUp(): Promise<void>;
};

/** How long a janitor that died keeps the others from sweeping. */
const LEASE_MS = 5000;

type Self = { readonly holder: string; readonly sweepMs: number };

export function createLead({ store, log }: { store: Store; log: Logger }, { holder, sweepMs }: Self): Lead {
  const name = JANITOR_LEAD;
  let leads = false;
  return {
    async take() {
      // A janitor that sweeps rarely holds the lead from one pass to the next all the same.
      const taken = await takeLeaderLease(store, { name, holder, forMs: Math.max(LEASE_MS, 2 * sweepMs) });
      if (taken !== leads) log.info({ holder, leads: taken }, 'the lead has changed');
      leads = taken;
      return taken;
    },
    async giveUp() {
      if (leads) await giveUpLeaderLease(store, { name, holder });
      leads = false;
    },
  };
}
