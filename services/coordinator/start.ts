import { createServer } from 'node:http';
import type { Broker } from '../../shared/broker/broker.ts';
import { DEFAULT_RULES, type Rules } from '../../shared/db/rules.ts';
import type { Store } from '../../shared/db/store.ts';
import { touchCoordinator } from '../../shared/db/transactions/touch-coordinator.ts';
import { newId } from '../../shared/job/ids.ts';
import { atMost } from '../../shared/runtime/at-most.ts';
import type { Stoppable } from '../../shared/runtime/every.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { sleep } from '../../shared/runtime/sleep.ts';
import { startBrokerSide } from './broker/broker-side.ts';
import type { CoordinatorConfig } from './config.ts';
import { createDispatcher } from './dispatch/dispatcher.ts';
import { createEventFeed } from './events/event-feed.ts';
import { startEventHub } from './events/event-hub.ts';
import { createProgressNews } from './events/progress-news.ts';
import { createApp } from './http/app.ts';
import { createMetrics } from './http/metrics.ts';
import type { Services } from './http/services.ts';
import { closeServer, FINISH_MS, listen } from './server.ts';
import { watchDatabase } from './watch-database.ts';

export type Coordinator = { readonly url: string; readonly port: number; stop(): Promise<void> };

type Dependencies = {
  readonly store: Store;
  /** undefined: workers poll, and nobody is told of events outside of this process. */
  readonly broker?: Broker | undefined;
  readonly log: Logger;
  readonly rules?: Rules;
  /** Called when it can never be ready: a newer ffmill has migrated the database. It still has to be stopped. */
  onFatal?(error: unknown): void;
};

/**
 * Starts the HTTP service on a store and a broker that stay the caller's. Resolves when it answers, even where it is
 * not ready because the database or the broker is away. `stop` is safe twice.
 *
 * @throws AppError `schema_newer` when it can never be ready.
 */
export async function startCoordinator(config: CoordinatorConfig, dependencies: Dependencies): Promise<Coordinator> {
  const { store, broker, log, rules = DEFAULT_RULES, onFatal = () => {} } = dependencies;
  const leaving = new AbortController();
  const stopping = new AbortController();
  const id: string = newId<never>();
  const database = watchDatabase({ store, log, onFatal, touch: () => touchCoordinator(store, id, rules) });
  const feed = createEventFeed({ store, broker, log });
  const hub = startEventHub({ store, feed, log });
  const brokerSide = broker && startBrokerSide({ store, broker, log });
  const services: Services = {
    ...{ store, rules, log, hub, database, broker, brokerSide },
    ...{ leaving: leaving.signal, stopping: stopping.signal },
    dispatcher: createDispatcher({ store, feed, rules, log }),
    news: createProgressNews({ store, hub, brokerSide, log }),
    metrics: createMetrics(store, broker),
  };
  const server = createServer(createApp(services, config.host));
  const stopServices = async () => {
    const parts: Stoppable[] = [services.dispatcher, services.news, hub, database];
    await atMost(Promise.all(parts.map((part) => part.stop())), FINISH_MS);
    await brokerSide?.stop(); // last: what the others still do is told
  };

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    // First the balancer has to see that this one is not ready, and meanwhile everything is served as before.
    leaving.abort();
    await sleep(config.unreadyMs ?? 0);
    // Streams end, and the dispatcher answers the claims that wait.
    stopping.abort();
    const closed = closeServer(server);
    await stopServices();
    await closed;
    log.info('coordinator stopped');
  }

  try {
    const port = await listen(server, config);
    const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
    log.info({ url }, 'coordinator listens');
    await database.begun;
    return { url, port, stop: () => (stopped ??= stop()) };
  } catch (error) {
    server.close();
    await stopServices();
    throw error;
  }
}
