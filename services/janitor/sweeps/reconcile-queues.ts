import { countWantedTokens } from '../../../shared/db/queries/count-wanted-tokens.ts';
import { publishTokens } from '../../../shared/relay/publish-token.ts';
import type { BrokerContext, Sweep } from '../sweep.ts';
import { sumOfAll } from './sum-of-all.ts';

/** At the most for one class in one sweep: a wiped queue of thousands fills over seconds, and workers take no more. */
const AT_ONCE = 300;

/**
 * Makes sure that every class with unfinished tasks has its queue, and publishes the tokens that are missing there: as
 * many as were missing in two sweeps running, since one alone may have looked between a commit and its token. Messages
 * that workers hold are not counted: they belong to tasks that run (PROTOCOL A5).
 */
export function createQueueReconcile({ store, broker }: Pick<BrokerContext, 'store' | 'broker'>): Sweep {
  let missedBefore: ReadonlyMap<string, number> = new Map();
  return async () => {
    if (broker.state() !== 'up') {
      missedBefore = new Map();
      return 0;
    }
    const before = missedBefore;
    const missing = new Map<string, number>();
    const reconcile = async ([queueClass, wanted]: readonly [string, number]) => {
      const { ready } = await broker.declareClass(queueClass);
      if (ready >= wanted) return 0;
      missing.set(queueClass, wanted - ready);
      const lacking = Math.min(wanted - ready, before.get(queueClass) ?? 0, AT_ONCE);
      await publishTokens(broker, queueClass, lacking);
      return lacking;
    };
    missedBefore = missing;
    const wanted = await countWantedTokens(store.db, await store.now());
    return sumOfAll([...wanted].map(reconcile));
  };
}
