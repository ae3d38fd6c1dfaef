import { AppError, ERRORS, type ErrorCode } from '../../../shared/errors.ts';
import type { ProblemBody } from '../../../shared/wire/problems.ts';
import type { Farm } from './farm.ts';

/** Somebody was there, or may be: worth another try even before the first answer. Names of Node and of its fetch. */
const LOST = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'];

/** What the farm (or a proxy before it) said against a call. */
export async function errorOfAnswer({ url }: Farm, response: Response): Promise<AppError> {
  const problem = (await response.json().catch(() => ({}))) as Partial<ProblemBody>;
  const message = problem.detail ?? `${url} answered ${response.status} ${response.statusText}`;
  const code = problem.code !== undefined && problem.code in ERRORS ? problem.code : codeOfStatus(response.status);
  return new AppError(code, message, { problems: problem.errors ?? [] });
}

/**
 * What is left of a call that was not answered.
 *
 * @throws the same error when nobody has ever answered there, and most likely nobody is: asking again does not help a
 * person who mistyped.
 */
export function errorOfLostCall({ url, hint }: Farm, failed: unknown, known: { everAnswered: boolean }): AppError {
  const cause = causeOf(failed);
  const error = new AppError('unavailable', `nobody answers at ${url}: ${reasonOf(cause)}${hint}`, { cause: failed });
  if (!known.everAnswered && !isLost(cause)) throw error;
  return error;
}

/** For what is not from a farm, or from one newer than this client. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 404) return 'not_found';
  return status >= 500 ? 'unavailable' : 'invalid_request';
}

/** `fetch` says only "fetch failed"; what happened is in the cause. */
function causeOf(failed: unknown): unknown {
  return failed instanceof Error && failed.cause instanceof Error ? failed.cause : failed;
}

function isLost(cause: unknown): boolean {
  return cause instanceof Error && (cause.name === 'TimeoutError' || LOST.includes(codeOf(cause)));
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return codeOf(cause) || cause.message;
}

function codeOf(cause: Error): string {
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}
