import { isDatabaseAway } from '../../../shared/db/is-database-away.ts';
import { AppError, ERRORS } from '../../../shared/errors.ts';
import type { ProblemBody } from '../../../shared/wire/problems.ts';

export const PROBLEM_TYPE = 'application/problem+json';

/** More is of no use to anyone: a batch of 1000 bad jobs says so often enough. */
const MOST_PROBLEMS = 100;

/**
 * The RFC 9457 answer to an error. What is not an AppError is ours and stays in the log: the client is told under which
 * request id to look it up, not what it was.
 */
export function problemOf(error: unknown, requestId: string): ProblemBody {
  const { code, message, problems } = toAppError(error, requestId);
  const { status, title, fault } = ERRORS[code];
  return {
    type: `urn:ffmill:error:${code}`,
    ...{ title, status, detail: message, code, fault },
    ...(problems.length === 0 ? {} : { errors: problems.slice(0, MOST_PROBLEMS) }),
  };
}

function toAppError(error: unknown, requestId: string): AppError {
  if (error instanceof AppError) return error;
  // The router refuses an address with a broken % escape this way.
  if (error instanceof URIError) return new AppError('not_found', 'the address is not a valid URL');
  if (isDatabaseAway(error)) return new AppError('unavailable', 'the database does not answer', { cause: error });
  return new AppError('internal', `the log says more about request ${requestId}`, { cause: error });
}
