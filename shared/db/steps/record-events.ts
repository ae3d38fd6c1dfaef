import type { JobId, WorkerId } from '../../job/ids.ts';
import type { RecordedEvent, Tx } from '../store.ts';

type NewEvent = Omit<RecordedEvent, 'jobId'>;

/** Notes events of a job: the transaction writes them at its end, each with the next sequence number (`writeEvents`). */
export async function recordEvents(tx: Tx, jobId: JobId, events: readonly NewEvent[]): Promise<void> {
  tx.recorded.push(...events.map((event) => ({ ...event, jobId })));
}

/** Notes an event that belongs to no job. */
export async function recordWorkerEvent(tx: Tx, event: NewEvent & { readonly workerId: WorkerId }): Promise<void> {
  tx.recorded.push({ ...event, jobId: null });
}
