import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_RULES, type Rules } from '../../shared/db/rules.ts';
import type { Store } from '../../shared/db/store.ts';
import { touchCoordinator } from '../../shared/db/transactions/touch-coordinator.ts';
import { newId } from '../../shared/job/ids.ts';
import { every } from '../../shared/runtime/every.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { CoordinatorConfig } from './config.ts';
import { createDispatcher } from './dispatch/dispatcher.ts';
import { startEventHub } from './events/event-hub.ts';
import { createProgressNews } from './events/progress-news.ts';
import { createApp } from './http/app.ts';
import { createMetrics } from './http/metrics.ts';
import type { Services } from './http/services.ts';

export type Coordinator = { readonly url: string; readonly port: number; stop(): Promise<void> };

type Dependencies = { readonly store: Store; readonly log: Logger; readonly rules?: Rules };

/** How often a coordinator says that it is there: leases expire only while one does (PROTOCOL A3). */
const TOUCH_MS = 1000;
/** What an answer under way gets when the service ends; streams and waiting claims are ended at once. */
const FINISH_MS = 5000;

/** Starts the HTTP service on a store that stays the caller's. Resolves when it answers; `stop` is safe twice. */
export async function startCoordinator(
  config: CoordinatorConfig,
  { store, log, rules = DEFAULT_RULES }: Dependencies,
): Promise<Coordinator> {
  const id = newId<never>() as string;
  const stopping = new AbortController();
  const touch = () => touchCoordinator(store, id, rules);
  const hub = await startEventHub({ store, log });
  const services: Services = {
    ...{ store, rules, log, hub, touch, stopping: stopping.signal },
    dispatcher: createDispatcher({ store, rules, log }),
    news: createProgressNews({ store, hub, log }),
    metrics: createMetrics(store.db),
  };
  await touch();
  const touching = every(TOUCH_MS, touch, (error) => log.error({ err: error }, 'the database cannot be written'));
  const server = createServer(createApp(services, config.host));
  const stopServices = async () => {
    await Promise.all([touching.stop(), services.dispatcher.stop(), services.news.stop(), hub.stop()]);
  };
  const port = await listen(server, config).catch(async (error: unknown) => {
    await stopServices();
    throw error;
  });
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  log.info({ url }, 'coordinator ready');

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    // Not ready any more; streams end, and the dispatcher answers the claims that wait.
    stopping.abort();
    const closed = closeServer(server);
    await stopServices();
    await closed;
    log.info('coordinator stopped');
  }
  return { url, port, stop: () => (stopped ??= stop()) };
}

async function listen(server: Server, { host, port }: CoordinatorConfig): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Takes no new connections and waits for the answers under way. */
async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // close() sees to the connections that are idle now; those that get idle later would be kept for another request.
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const late = setTimeout(() => server.closeAllConnections(), FINISH_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
