import type { Route } from './route.ts';
import { ADMIN_ROUTES } from './routes/admin-routes.ts';
import { ATTEMPT_ROUTES } from './routes/attempt-routes.ts';
import { DISPATCH_ROUTES } from './routes/dispatch-routes.ts';
import { EVENT_ROUTES } from './routes/event-routes.ts';
import { JOB_DETAIL_ROUTES } from './routes/job-detail-routes.ts';
import { JOB_ROUTES } from './routes/job-routes.ts';
import { describingRoute, SERVICE_ROUTES } from './routes/service-routes.ts';
import { SUBMIT_ROUTES } from './routes/submit-routes.ts';
import { WORKER_ROUTES } from './routes/worker-routes.ts';

/** All calls of the API. A fixed address comes before one that would match it: `/jobs/batch` before `/jobs/:id`. */
export const ROUTES: readonly Route[] = [
  ...SUBMIT_ROUTES,
  ...JOB_ROUTES,
  ...JOB_DETAIL_ROUTES,
  ...EVENT_ROUTES,
  ...DISPATCH_ROUTES,
  ...WORKER_ROUTES,
  ...ATTEMPT_ROUTES,
  ...ADMIN_ROUTES,
  ...SERVICE_ROUTES,
  describingRoute(() => ROUTES),
];
