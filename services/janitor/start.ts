import { hostname } from 'node:os';
import type { Broker } from '../../shared/broker/broker.ts';
import { DEFAULT_RULES, type Rules } from '../../shared/db/rules.ts';
import type { Store } from '../../shared/db/store.ts';
import { newId } from '../../shared/job/ids.ts';
import { every, type Stoppable } from '../../shared/runtime/every.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { createOutage } from '../../shared/runtime/outage.ts';
import type { JanitorConfig } from './config.ts';
import { createLead } from './lead.ts';
import { createPass } from './pass.ts';
import { verifySchema } from './verify-schema.ts';

type Dependencies = {
  readonly store: Store;
  /** undefined: the sweeps that need one are left out. */
  readonly broker?: Broker | undefined;
  readonly log: Logger;
  readonly rules?: Rules;
  /** Called when it can never work: a newer ffmill has migrated the database. It still has to be stopped. */
  onFatal?(error: unknown): void;
};

/**
 * Repairs what died on the way: one pass over all chores every second, by the janitor that leads. Two that sweep at
 * once only do some work twice. With the database away it waits.
 */
export async function startJanitor(config: JanitorConfig, dependencies: Dependencies): Promise<Stoppable> {
  const { store, broker, log, rules = DEFAULT_RULES, onFatal = () => {} } = dependencies;
  const { sweepMs, retentionMs, stalledMs = rules.stalledMs } = config;
  // The host tells people which of the janitors it is.
  const holder = `${hostname()}/${newId<never>()}`;
  const outage = createOutage(log, 'database');
  const verify = verifySchema(store, onFatal);
  const lead = createLead({ store, log }, { holder, sweepMs });
  const pass = createPass({ store, broker, log, rules: { ...rules, retentionMs, stalledMs } });

  async function sweep(signal: AbortSignal): Promise<void> {
    await verify();
    if (await lead.take()) await pass(signal);
    outage.over();
  }

  const sweeping = every(sweepMs, sweep, outage.begun);
  let stopped: Promise<void> | undefined;
  return {
    stop: () =>
      (stopped ??= sweeping
        .stop()
        .then(() => lead.giveUp())
        .catch(() => {})), // it runs out by itself
  };
}
