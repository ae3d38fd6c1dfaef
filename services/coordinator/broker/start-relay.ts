import type { Broker } from '../../../shared/broker/broker.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import { relayEvents, relayLeftovers } from '../../../shared/relay/relay-events.ts';
import { every, type Stoppable } from '../../../shared/runtime/every.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';

/** How often to look for what others left behind, and how old that must be: its writer is at it before. */
const LOOK_MS = 1000;
/**
 * From a commit until its events are told. What the farm does next (give out the token, answer the claim, note that the
 * task runs) goes before what is told of it, and all of that is told at once.
 */
const GATHER_MS = 25;

type Dependencies = { readonly store: Store; readonly broker: Broker; readonly log: Logger };

/**
 * Publishes what this coordinator commits, right after the commit, and what others left behind. While the broker is
 * away nothing is tried: the rows wait, and `stop` leaves them to others.
 */
export function startRelay({ store, broker, log }: Dependencies): Stoppable {
  const written = new Set<JobId | null>();
  let lookAt = 0;
  let gathering: NodeJS.Timeout | undefined;

  async function relay(): Promise<void> {
    const jobs = [...written];
    written.clear();
    if (broker.state() !== 'up') return;
    await relayEvents({ store, broker }, jobs);
    if (performance.now() < lookAt) return;
    lookAt = performance.now() + LOOK_MS;
    await relayLeftovers({ store, broker }, (await store.now()) - LOOK_MS);
  }

  const relaying = every(LOOK_MS, relay, (error) => log.warn({ err: error }, 'events could not be relayed'));
  const ignoreCommits = store.events.subscribe((event) => {
    written.add(event.job_id as JobId | null);
    gathering ??= setTimeout(() => {
      gathering = undefined;
      relaying.wake();
    }, GATHER_MS);
  });
  const ignoreBroker = broker.onState((state) => {
    if (state === 'up') relaying.wake();
  });
  return {
    async stop() {
      ignoreCommits();
      ignoreBroker();
      clearTimeout(gathering);
      await relaying.stop();
      await relay().catch(() => {}); // whoever is left relays it
    },
  };
}
