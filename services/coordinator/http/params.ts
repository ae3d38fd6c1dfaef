import { z } from 'zod';
import type { AttemptId, WorkerId } from '../../../shared/job/ids.ts';

/** What addresses name. An id of the wrong form is simply not found, like any other that nobody has. */
export const jobParams = z.object({ id: z.string().meta({ description: 'The job’s id or its number' }) });
export const workerParams = z.object({ id: z.string().transform((id) => id as WorkerId) });
export const attemptParams = z.object({ id: z.string().transform((id) => id as AttemptId) });
