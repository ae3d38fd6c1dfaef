import { DEFAULT_RULES, type Rules } from '../../shared/db/rules.ts';
import type { Store } from '../../shared/db/store.ts';
import { every, type Stoppable } from '../../shared/runtime/every.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { JanitorConfig } from './config.ts';
import { runSweeps } from './run-sweeps.ts';

/** Repairs what died on the way: one pass over all chores every second. Two janitors only do some work twice. */
export async function startJanitor(
  config: JanitorConfig,
  { store, log, rules = DEFAULT_RULES }: { store: Store; log: Logger; rules?: Rules },
): Promise<Stoppable> {
  const effective = { ...rules, retentionMs: config.retentionMs };
  return every(
    config.sweepMs,
    () => runSweeps({ store, log, rules: effective }),
    (error) => log.error({ err: error }, 'a pass failed'),
  );
}
