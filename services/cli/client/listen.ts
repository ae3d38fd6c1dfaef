import { AppError } from '../../../shared/errors.ts';
import { backoffMs } from '../../../shared/job/backoff.ts';
import { sleep } from '../../../shared/runtime/sleep.ts';
import type { Client } from '../client.ts';
import { readEventStream, type StreamEvent } from './read-event-stream.ts';

type Listener = {
  /** Whenever the stream stands (again): what happened before is not told. */
  onOpen(): void;
  onEvent(event: StreamEvent): void;
};

/**
 * Listens to a job's events until the signal is aborted. One that ends is opened again, from the last event on.
 *
 * @throws AppError when the farm refuses (the job is unknown) or stays away.
 */
export async function listen(client: Client, jobId: string, listener: Listener, signal: AbortSignal): Promise<void> {
  let lastEventId: string | null = null;
  let failures = 0;
  while (!signal.aborted) {
    const { body } = await client.openEvents(jobId, lastEventId, signal);
    if (body === null) throw new AppError('unavailable', `${client.url} sent no event stream`);
    listener.onOpen();
    try {
      for await (const event of readEventStream(body)) {
        failures = 0;
        if (event.id !== '') lastEventId = event.id;
        listener.onEvent(event);
      }
    } catch {
      // The connection was lost; the last event's id says where to go on.
    }
    failures += 1;
    await sleep(backoffMs(failures, { baseMs: 100, capMs: 2000 }), signal);
  }
}
