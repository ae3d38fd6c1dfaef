import { Router } from 'express';
import { AppError } from '../../../shared/errors.ts';
import type { Route } from './route.ts';
import { serveRoute } from './serve-route.ts';
import type { Services } from './services.ts';

/** A router that serves these routes, and refuses other methods at their addresses. The order of the list counts. */
export function mountRoutes(services: Services, routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true });
  const byPath = Map.groupBy(routes, (route) => route.path);
  for (const [path, siblings] of byPath) {
    for (const route of siblings) {
      router[route.method](path, (request, response) => serveRoute(services, route, request, response));
    }
    const allowed = siblings.map((route) => route.method.toUpperCase()).join(', ');
    router.all(path, (request, response) => {
      response.set('Allow', allowed);
      throw new AppError('method_not_allowed', `${request.method} is not taken here, but ${allowed}`);
    });
  }
  return router;
}
