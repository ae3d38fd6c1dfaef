import type { Broker } from '../../../shared/broker/broker.ts';
import { listCancelingAttempts } from '../../../shared/db/queries/list-canceling-attempts.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { JobId, WorkerId } from '../../../shared/job/ids.ts';
import { sendControl } from '../../../shared/relay/send-control.ts';
import { createBackground } from '../../../shared/runtime/background.ts';
import type { Stoppable } from '../../../shared/runtime/every.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { EventBody, EventName } from '../../../shared/wire/events.ts';

/** After these some of the job's attempts may have been asked to end. */
const MAY_CANCEL: ReadonlySet<EventName> = new Set(['job.canceling', 'job.failed', 'task.failed']);
/** After these a worker is to be told that something about it has changed. */
const ABOUT_WORKER: ReadonlySet<EventName> = new Set(['worker.draining', 'worker.online', 'worker.quarantined']);

type Dependencies = { readonly store: Store; readonly broker: Broker; readonly log: Logger };

/** Tells workers at once what they would learn from their next heartbeat. */
export function startControl({ store, broker, log }: Dependencies): Stoppable {
  const background = createBackground((error) => log.debug({ err: error }, 'a worker could not be told'));

  async function tellCanceled(jobId: JobId): Promise<void> {
    const canceling = await listCancelingAttempts(store.db, jobId);
    for (const [worker, held] of Map.groupBy(canceling, (one) => one.worker))
      await sendControl(broker, worker, { v: 1, type: 'cancel', attempts: held.map(({ attempt }) => attempt) });
  }

  function react({ event, job_id, worker_id }: EventBody): void {
    if (broker.state() !== 'up') return;
    if (MAY_CANCEL.has(event)) background.run(tellCanceled(job_id as JobId));
    if (ABOUT_WORKER.has(event)) background.run(sendControl(broker, worker_id as WorkerId, { v: 1, type: 'drain' }));
  }

  const ignoreCommits = store.events.subscribe(react);
  return {
    async stop() {
      ignoreCommits();
      await background.settle();
    },
  };
}
