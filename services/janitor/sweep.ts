import type { Broker } from '../../shared/broker/broker.ts';
import type { Rules } from '../../shared/db/rules.ts';
import type { Store } from '../../shared/db/store.ts';
import type { Logger } from '../../shared/runtime/logger.ts';

/** A chore: looks for rows of one kind, repairs them one guarded write at a time, says how many there were. */
export type Sweep = () => Promise<number>;

/** Where the chores work. */
export type SweepContext = { readonly store: Store; readonly rules: Rules; readonly log: Logger };

/** The same for those that need a broker. */
export type BrokerContext = SweepContext & { readonly broker: Broker };
