import { z } from 'zod';
import { AppError } from '../errors.ts';

/**
 * Parses a process's settings out of the environment, with one schema whose keys are the variables' names. All
 * problems are reported at once, before anything is opened.
 *
 * @throws AppError `invalid_request` that lists every variable that is wrong.
 */
export function parseConfig<Schema extends z.ZodObject>(
  schema: Schema,
  env: Record<string, string | undefined>,
): z.infer<Schema> {
  const known = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, env[name] === '' ? undefined : env[name]]),
  );
  const parsed = schema.safeParse(known);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new AppError('invalid_request', `the configuration is not valid:\n${lines.join('\n')}`);
}

/** A positive whole number from the environment. */
export function positiveInteger(standard: number) {
  return z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .positive('must be above 0')
    .default(standard);
}

/** How much a process logs. */
export function logLevel(standard: 'info' | 'warn' | 'silent') {
  return z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default(standard);
}
