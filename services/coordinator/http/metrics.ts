import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { countJobsByState } from '../../../shared/db/queries/count-jobs-by-state.ts';
import { countTasksByStateAndClass } from '../../../shared/db/queries/count-tasks-by-state-and-class.ts';
import { listWorkers } from '../../../shared/db/queries/list-workers.ts';
import type { Db } from '../../../shared/db/store.ts';

export type Metrics = {
  /** One answered request. Streams and long-polls are counted but not timed: they last as long as they are wanted. */
  countRequest(labels: { method: string; route: string; status: number }, seconds: number | null): void;
  countClaim(answer: 'task' | 'none' | 'again'): void;
  readonly type: string;
  /** The page in Prometheus' text format. */
  print(): Promise<string>;
};

/** The service's figures: what it counted itself, and what the database says when it is asked. */
export function createMetrics(db: Db): Metrics {
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
  addDatabaseGauges(db, registers);
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

function addDatabaseGauges(db: Db, registers: Registry[]): void {
  addGauge(registers, 'ffmill_jobs', 'Jobs by state', ['state'], () => countJobsByState(db));
  addGauge(registers, 'ffmill_tasks', 'Unfinished tasks by state and class', ['state', 'class'], () =>
    countTasksByStateAndClass(db),
  );
  addGauge(registers, 'ffmill_workers', 'Workers by status', ['status'], async () => {
    const byStatus = Map.groupBy(await listWorkers(db), (worker) => worker.status);
    return [...byStatus].map(([status, workers]) => ({ status, count: workers.length }));
  });
}

function addProcessGauges(registers: Registry[]): void {
  addGauge(registers, 'process_resident_memory_bytes', 'Resident memory', [], async () => [
    { count: process.memoryUsage.rss() },
  ]);
  addGauge(registers, 'process_uptime_seconds', 'Time since the process began', [], async () => [
    { count: process.uptime() },
  ]);
}

type Sample = { readonly count: number } & Readonly<Record<string, string | number>>;

/** A gauge that is read when the page is. */
function addGauge(
  registers: Registry[],
  name: string,
  help: string,
  labelNames: string[],
  read: () => Promise<readonly Sample[]>,
): void {
  new Gauge({
    ...{ name, help, labelNames, registers },
    async collect() {
      this.reset();
      for (const { count, ...labels } of await read()) this.set(labels, count);
    },
  });
}
