import type { Registry } from 'prom-client';
import { countJobsByState } from '../../../../shared/db/queries/count-jobs-by-state.ts';
import { countTasksByStateAndClass } from '../../../../shared/db/queries/count-tasks-by-state-and-class.ts';
import { countUnpublishedEvents } from '../../../../shared/db/queries/count-unpublished-events.ts';
import { findLeader } from '../../../../shared/db/queries/find-leader.ts';
import { listWorkers } from '../../../../shared/db/queries/list-workers.ts';
import type { Store } from '../../../../shared/db/store.ts';
import { JANITOR_LEAD } from '../../../../shared/wire/sweeps.ts';
import { addGauge } from './gauge.ts';

/** What the rows say. The same from every coordinator: take the highest. */
export function addDatabaseGauges(store: Store, registers: Registry[]): void {
  const { db } = store;
  addGauge(registers, 'ffmill_jobs', 'Jobs by state', ['state'], () => countJobsByState(db));
  addGauge(registers, 'ffmill_tasks', 'Unfinished tasks by state and class', ['state', 'class'], () =>
    countTasksByStateAndClass(db),
  );
  addGauge(registers, 'ffmill_workers', 'Workers by status', ['status'], async () => {
    const byStatus = Map.groupBy(await listWorkers(db), (worker) => worker.status);
    return [...byStatus].map(([status, workers]) => ({ status, count: workers.length }));
  });
  addGauge(registers, 'ffmill_outbox_events', 'Events that the broker has not confirmed yet', [], async () => [
    { count: await countUnpublishedEvents(db) },
  ]);
  addGauge(registers, 'ffmill_janitor_leader', '1 for the janitor that leads', ['holder'], async () => {
    const holder = await findLeader(db, JANITOR_LEAD, await store.now());
    return holder === undefined ? [] : [{ holder, count: 1 }];
  });
}
