import { countDueTasks } from '../../../shared/db/queries/count-due-tasks.ts';
import { listPublicationsToSettle } from '../../../shared/db/queries/list-publications-to-settle.ts';
import { publishTokens } from '../../../shared/relay/publish-token.ts';
import type { BrokerContext, Sweep } from '../sweep.ts';

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
    for (const { queueClass, count } of due) await publishTokens(broker, queueClass, count);
    for (const task of fresh) await publishTokens(broker, task.class, 1);
    return fresh.length + due.reduce((sum, { count }) => sum + count, 0);
  };
}
