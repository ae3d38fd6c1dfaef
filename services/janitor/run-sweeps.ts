import type { Rules } from '../../shared/db/rules.ts';
import type { Store } from '../../shared/db/store.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { SWEEPS } from './sweeps.ts';

/** One pass. A chore that fails is logged and does not keep the others from running. */
export async function runSweeps({ store, log, rules }: { store: Store; log: Logger; rules: Rules }): Promise<void> {
  for (const [sweep, run] of Object.entries(SWEEPS)) {
    try {
      const repaired = await run(store, rules);
      if (repaired > 0) log.info({ sweep, repaired }, 'repaired');
    } catch (error) {
      log.error({ sweep, err: error }, 'a sweep failed');
    }
  }
}
