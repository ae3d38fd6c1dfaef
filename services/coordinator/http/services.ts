import type { Broker } from '../../../shared/broker/broker.ts';
import type { Rules } from '../../../shared/db/rules.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { BrokerSide } from '../broker/broker-side.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { EventHub } from '../events/event-hub.ts';
import type { ProgressNews } from '../events/progress-news.ts';
import type { DatabaseWatch } from '../watch-database.ts';
import type { Metrics } from './metrics.ts';

/** What the routes work with; built once in start.ts. */
export type Services = {
  readonly store: Store;
  readonly rules: Rules;
  readonly log: Logger;
  readonly hub: EventHub;
  readonly dispatcher: Dispatcher;
  readonly news: ProgressNews;
  readonly metrics: Metrics;
  readonly database: Pick<DatabaseWatch, 'check' | 'requireVerified'>;
  /** undefined: this farm does without a broker. */
  readonly broker: Broker | undefined;
  readonly brokerSide: BrokerSide | undefined;
  /** Aborted when the service is asked to end: from then on it is not ready, and keeps no connection. */
  readonly leaving: AbortSignal;
  /** Aborted when nothing new is taken any more: whatever waits is answered. */
  readonly stopping: AbortSignal;
};
