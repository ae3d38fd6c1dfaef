import { z } from 'zod';

/**
 * The janitor's chores by name, in the order in which a pass runs them. They stand here because a coordinator takes
 * requests for them and the janitor runs them; neither knows the other.
 */
export const SWEEP_NAMES = [
  'expire-leases',
  'offer-publications',
  'force-cancels',
  'advance-idle-jobs',
  'time-out-tasks',
  'interrupt-stalled-tasks',
  'mark-workers-offline',
  'plan-left-jobs-anew',
  'fail-unservable-tasks',
  'publish-due-tokens',
  'reconcile-queues',
  'relay-leftover-events',
  'count-dead-letters',
  'forget-old-jobs',
  'forget-coordinators',
] as const;
export type SweepName = (typeof SWEEP_NAMES)[number];

/** Asks for a sweep, or without a name for all of them, now. */
export const sweepBody = z
  .strictObject({
    sweep: z.enum(SWEEP_NAMES, { error: `is not one of ${SWEEP_NAMES.join(', ')}` }).optional(),
  })
  .meta({ id: 'SweepRequest' });

/** What came of one sweep: how much it repaired; or why it did not run to its end. */
export const sweepOutcome = z.union([
  z.object({ repaired: z.int() }),
  z.object({ failed: z.string() }),
  z.object({ left_out: z.string() }),
]);
export type SweepOutcome = z.infer<typeof sweepOutcome>;

/** By the name of the sweep. */
export const sweepAnswer = z
  .object({ sweeps: z.partialRecord(z.enum(SWEEP_NAMES), sweepOutcome) })
  .meta({ id: 'SweepResult' });
export type SweepAnswer = z.infer<typeof sweepAnswer>;

/** The lead that janitors compete for. */
export const JANITOR_LEAD = 'janitor';
