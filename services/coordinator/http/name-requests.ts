import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

const HEADER = 'X-Request-Id';
/** What is fit for a log and a header; anything else is replaced. */
const FIT = /^[\w.:@-]{1,128}$/;

/** Gives each request the name that a proxy gave it, or one of its own, for the log and for the client. */
export function nameRequests(): RequestHandler {
  return (request, response, next) => {
    const given = request.get(HEADER) ?? '';
    response.set(HEADER, FIT.test(given) ? given : randomUUID());
    next();
  };
}
