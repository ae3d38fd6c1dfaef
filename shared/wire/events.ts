import { z } from 'zod';
import { FINAL_JOB_STATES } from '../job/transitions.ts';

/** State events are stored and delivered at least once; progress and log events are told once and kept nowhere. */
const EVENT_NAMES = [
  'job.created',
  'job.assigned',
  'job.running',
  'job.progress',
  'job.completed',
  'job.failed',
  'job.canceling',
  'job.canceled',
  'task.pending',
  'task.assigned',
  'task.running',
  'task.progress',
  'task.completed',
  'task.failed',
  'task.requeued',
  'task.canceled',
  'task.log',
  'worker.online',
  'worker.offline',
  'worker.draining',
  'worker.error',
  'worker.quarantined',
] as const;
export type EventName = (typeof EVENT_NAMES)[number];

/** After one of these nothing more happens to a job: a stream of its events ends here. */
export const FINAL_JOB_EVENTS: readonly string[] = FINAL_JOB_STATES.map((state): EventName => `job.${state}`);

const PASSING: readonly EventName[] = ['job.progress', 'task.progress', 'task.log'];

/** Whether an event is told once and kept nowhere: it has no place among its job's events, and its `seq` is 0. */
export function isPassingEvent({ event }: Pick<EventBody, 'event'>): boolean {
  return PASSING.includes(event);
}

/** One event, on every way on which it is told. */
export const eventBody = z
  .object({
    v: z.literal(1),
    /** Deduplicate by it; also the `id:` of a server-sent event. */
    id: z.string(),
    /** Rises within a job; 0 for transient and worker events. */
    seq: z.int(),
    event: z.enum(EVENT_NAMES),
    at: z.string(),
    job_id: z.string().nullable(),
    task_id: z.string().optional(),
    worker_id: z.string().optional(),
    attempt: z.int().optional(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Event' });
export type EventBody = z.infer<typeof eventBody>;
