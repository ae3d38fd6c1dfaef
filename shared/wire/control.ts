import { z } from 'zod';
import { attemptId } from './ids.ts';

/**
 * What workers are told between two heartbeats, on `ffmill.control`. Only a nudge: whatever it says, the worker sends a
 * heartbeat at once, and what counts is the answer to that. So a lost, doubled or forged one does no harm.
 */
export const controlMessage = z.discriminatedUnion('type', [
  /** Attempts, not tasks: the next attempt at the task may be running here already (PROTOCOL A11). */
  z.strictObject({ v: z.literal(1), type: z.literal('cancel'), attempts: z.array(attemptId) }),
  /** Whether it is to be drained, or may work again. */
  z.strictObject({ v: z.literal(1), type: z.literal('drain') }),
  /** Its subscriptions may have changed. */
  z.strictObject({ v: z.literal(1), type: z.literal('wake') }),
]);
export type ControlMessage = z.infer<typeof controlMessage>;
