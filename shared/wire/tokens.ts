import { z } from 'zod';
import { jobId, taskId } from './ids.ts';

/**
 * "A task of this class waits": all that a queue ever carries (DESIGN §5). The worker that gets one claims over HTTP,
 * and the database picks the task; `job_id`, `task_id` and `attempt` are for logs and are never compared. Absent ones:
 * the token stands for a task that the sender did not look up.
 */
export const token = z.strictObject({
  v: z.literal(1),
  job_id: jobId.optional(),
  task_id: taskId.optional(),
  attempt: z.int().min(0).optional(),
  class: z.string().min(1).max(200),
});
export type Token = z.infer<typeof token>;
