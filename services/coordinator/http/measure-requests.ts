import type { RequestHandler } from 'express';
import type { Metrics } from './metrics.ts';

/** Counts and times every request when its connection is done with it. */
export function measureRequests(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const begun = performance.now();
    response.once('close', () => {
      const { route = 'unknown', streamed = false } = response.locals as { route?: string; streamed?: boolean };
      const timed = !streamed && route !== '/workers/:id/claim';
      const labels = { method: request.method, route, status: response.statusCode };
      metrics.countRequest(labels, timed ? (performance.now() - begun) / 1000 : null);
    });
    next();
  };
}
