import { z } from 'zod';
import type { AttemptId, InstanceId, JobId, TaskId, WorkerId } from '../job/ids.ts';

/** Ids as they cross the wire: any UUID is let in; parsing brands them. */
export const jobId = z.uuid().transform((id) => id as JobId);
export const taskId = z.uuid().transform((id) => id as TaskId);
export const attemptId = z.uuid().transform((id) => id as AttemptId);
export const workerId = z.uuid().transform((id) => id as WorkerId);
export const instanceId = z.uuid().transform((id) => id as InstanceId);
