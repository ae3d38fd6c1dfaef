import type { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { describeIssue, describeIssues } from './describe-issues.ts';

/**
 * What the schema makes of a part of a request. `part` names it for people: the body, the query.
 *
 * @throws AppError `invalid_request` that lists everything that is wrong.
 */
export function parseOrRefuse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  part: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value, { error: describeIssue });
  if (parsed.success) return parsed.data;
  const problems = describeIssues(parsed.error);
  const detail = problems.map(({ pointer, message }) => `${pointer || `the ${part}`} ${message}`).join('; ');
  throw new AppError('invalid_request', detail, { problems });
}
