import { countDueTasks } from '../../../shared/db/queries/count-due-tasks.ts';
import { listPublicationsToSettle } from '../../../shared/db/queries/list-publications-to-settle.ts';
import { publishTokens } from '../../../shared/relay/publish-token.ts';
import type { BrokerContext, Sweep } from '../sweep.ts';
import { sumOfAll } from './sum-of-all.ts';

/** A janitor that takes over looks so far back: as far as the one before may have missed. */
const FIRST_LOOK_MS = 5000;

/**
 * Publishes the tokens of what became claimable without a commit saying so: retries that are due now, and publications
 * that were offered since the last look. What a look misses the reconcile finds.
 */
export function createDueTokens({ store, broker }: Pick<BrokerContext, 'store' | 'broker'>): Sweep {
  let lookedAt: number | undefined;
  let offered: ReadonlySet<string> = new Set();
  return async () => {
    const now = await store.now();
    const due = await countDueTasks(store.db, { after: lookedAt ?? now - FIRST_LOOK_MS, until: now });
    const publications = await listPublicationsToSettle(store.db);
    const fresh = publications.filter(({ id }) => !offered.has(id));
    lookedAt = now;
    offered = new Set(publications.map(({ id }) => id));
    if (broker.state() !== 'up') return 0;
    const wanted = [...due, ...fresh.map((task) => ({ queueClass: task.class, count: 1 }))];
    return sumOfAll(wanted.map(({ queueClass, count }) => publishTokens(broker, queueClass, count).then(() => count)));
  };
}
