import type { EventBody } from '../wire/events.ts';

/**
 * Under which key an event goes to `ffmill.events` (DESIGN §8): `job.<job>.<event>`, `task.<job>.<task>.<event>`,
 * `worker.<worker>.<event>`, so that a queue can be bound to what it wants to watch.
 */
export function routingKeyOf({ event, job_id, task_id, worker_id }: EventBody): string {
  const [about = '', name = ''] = event.split('.');
  const ids = { job: [job_id], task: [job_id, task_id], worker: [worker_id] }[about] ?? [];
  return [about, ...ids.map((id) => id ?? 'unknown'), name].join('.');
}
