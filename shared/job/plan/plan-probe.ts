import type { JobRequest } from '../job.ts';
import type { PlannedTask } from './planned-task.ts';
import { scratchOf, targetOf } from './target-of.ts';

/** Probing takes milliseconds; a transport stream is copied once, at the speed of the storage. */
const TIMEOUT_MS = 6 * 3_600_000;

/** The first task of every job. @throws AppError `invalid_path`, as `targetOf` */
export function planProbe(facts: { jobId: string; request: JobRequest; slots: number }): PlannedTask<'probe'> {
  const { jobId, request, slots } = facts;
  return {
    kind: 'probe',
    ordinal: 0,
    encoders: [],
    weight: 1,
    waits: false,
    timeoutMs: request.timeout_seconds > 0 ? request.timeout_seconds * 1000 : TIMEOUT_MS,
    spec: {
      kind: 'probe',
      input: request.input,
      target: targetOf(jobId, request),
      encode: request.encode,
      segment: request.segment,
      on_error: request.on_error,
      slots,
      scratch: scratchOf(jobId),
    },
  };
}
