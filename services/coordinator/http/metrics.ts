import { Counter, Histogram, Registry } from 'prom-client';
import type { Broker } from '../../../shared/broker/broker.ts';
import type { Store } from '../../../shared/db/store.ts';
import { addBrokerGauges } from './metrics/broker-gauges.ts';
import { addDatabaseGauges } from './metrics/database-gauges.ts';
import { addGauge } from './metrics/gauge.ts';
import { addTransactionCounter } from './metrics/transaction-counter.ts';

export type Metrics = {
  /** One answered request. Streams and long-polls are counted but not timed: they last as long as they are wanted. */
  countRequest(labels: { method: string; route: string; status: number }, seconds: number | null): void;
  countClaim(answer: 'task' | 'none' | 'again'): void;
  readonly type: string;
  /** The page in Prometheus' text format. */
  print(): Promise<string>;
};

/** The service's figures: what it counted itself, and what the database and the broker say when it is asked. */
export function createMetrics(store: Store, broker: Broker | undefined): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'ffmill_http_requests_total',
    help: 'Answered HTTP requests',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'ffmill_http_request_duration_seconds',
    help: 'Time to answer, without streams and waiting claims',
    labelNames: ['method', 'route'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers,
  });
  const claims = new Counter({
    name: 'ffmill_claims_total',
    help: 'Claims of workers by what they got',
    labelNames: ['answer'],
    registers,
  });
  addDatabaseGauges(store, registers);
  addTransactionCounter(store, registers);
  if (broker) addBrokerGauges(broker, registers);
  addProcessGauges(registers);
  return {
    countRequest({ method, route, status }, seconds) {
      requests.inc({ method, route, status });
      if (seconds !== null) durations.observe({ method, route }, seconds);
    },
    countClaim: (answer) => claims.inc({ answer }),
    type: registry.contentType,
    print: () => registry.metrics(),
  };
}

function addProcessGauges(registers: Registry[]): void {
  addGauge(registers, 'process_resident_memory_bytes', 'Resident memory', [], async () => [
    { count: process.memoryUsage.rss() },
  ]);
  addGauge(registers, 'process_uptime_seconds', 'Time since the process began', [], async () => [
    { count: process.uptime() },
  ]);
}
