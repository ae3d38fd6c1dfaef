import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { PROBLEM_TYPE, problemOf } from './problem.ts';

/** Soon enough to meet a database that has just moved; the balancer and our clients repeat by themselves. */
const RETRY_AFTER_SECONDS = '1';

/**
 * Answers whatever was thrown as problem+json. Only what is ours goes into the log: a client's mistake is told to the
 * client.
 */
export function answerErrors(log: Logger): ErrorRequestHandler {
  return (error, request, response, _next) => {
    const requestId = String(response.get('X-Request-Id'));
    const problem = problemOf(error, requestId);
    if (problem.status >= 500)
      log.error({ err: error, requestId, method: request.method, path: request.path }, 'request failed');
    if (problem.status === 503 && !response.headersSent) response.set('Retry-After', RETRY_AFTER_SECONDS);
    if (response.headersSent) response.destroy();
    else response.status(problem.status).type(PROBLEM_TYPE).json(problem);
  };
}
