import { z } from 'zod';
import { ERRORS, type ErrorCode, FAULTS } from '../errors.ts';

const errorCode = z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]);

/** Why an attempt, a task or a job failed: the `Failure` of `shared/errors.ts`. */
export const failureBody = z.strictObject({
  code: errorCode,
  message: z.string().max(10_000),
  fault: z.enum(FAULTS),
});

/** RFC 9457, the form of every error answer. */
export const problemBody = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: errorCode,
  /** Whose fault it is; follows from the code. */
  fault: z.enum(FAULTS),
  errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
});
export type ProblemBody = z.infer<typeof problemBody>;
