import express, { type Express } from 'express';
import { AppError } from '../../../shared/errors.ts';
import { answerErrors } from './answer-errors.ts';
import { measureRequests } from './measure-requests.ts';
import { mountRoutes } from './mount-routes.ts';
import { nameRequests } from './name-requests.ts';
import { refuseStrangers } from './refuse-strangers.ts';
import { ROUTES } from './routes.ts';
import type { Services } from './services.ts';

/** The HTTP API: every route under `/v1` and without it. */
export function createApp(services: Services, listenHost: string): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(measureRequests(services.metrics));
  app.use((_request, response, next) => {
    // Connections must not be kept for another request while the service is waiting for them to end.
    if (services.leaving.aborted) response.set('Connection', 'close');
    next();
  });
  app.use(nameRequests());
  app.use(refuseStrangers(listenHost));
  const routes = mountRoutes(services, ROUTES);
  app.use('/v1', routes);
  app.use(routes);
  app.use((request) => {
    throw new AppError('not_found', `there is nothing at ${request.path}`);
  });
  app.use(answerErrors(services.log));
  return app;
}
