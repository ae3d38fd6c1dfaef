import { randomUUID } from 'node:crypto';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { PROBLEM_TYPE, problemOf } from './problem.ts';

/**
 * Answers whatever was thrown as problem+json. Only what is ours goes into the log: a client's mistake is told to the
 * client.
 */
export function answerErrors(log: Logger): ErrorRequestHandler {
  return (error, request, response, _next) => {
    const requestId = randomUUID();
    const problem = problemOf(error, requestId);
    if (problem.status >= 500)
      log.error({ err: error, requestId, method: request.method, path: request.path }, 'request failed');
    if (response.headersSent) response.destroy();
    else response.status(problem.status).type(PROBLEM_TYPE).json(problem);
  };
}
