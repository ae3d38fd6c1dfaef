import type { Request, Response } from 'express';
import type { z } from 'zod';
import { parseOrRefuse } from './parse-or-refuse.ts';
import { readJsonBody, requireJson } from './read-json-body.ts';
import { BODY_LIMIT_BYTES, type Route } from './route.ts';
import { sendAnswer } from './send-answer.ts';
import type { Services } from './services.ts';

/** Serves one request: parse, handle, answer. Whatever throws is answered as a problem by the app. */
export async function serveRoute(
  services: Services,
  route: Route,
  request: Request,
  response: Response,
): Promise<void> {
  response.locals.route = route.path;
  if (!route.withoutDatabase) services.database.requireVerified();
  const parse = (schema: z.ZodType | undefined, value: unknown, part: string) =>
    schema === undefined ? undefined : parseOrRefuse(schema, value, part);
  const signal = endOf(response, services.stopping);
  const answer = await route.handle(services, {
    params: parse(route.params, request.params, 'address'),
    query: parse(route.query, request.query, 'query'),
    headers: parse(route.headers, request.headers, 'headers'),
    body: route.body && parse(route.body, await readBody(route, request), 'body'),
    signal,
    disconnect: () => response.destroy(),
  });
  await sendAnswer(response, answer, signal);
}

async function readBody(route: Route, request: Request): Promise<unknown> {
  requireJson(request);
  return readJsonBody(request, route.bodyLimitBytes ?? BODY_LIMIT_BYTES);
}

/** A signal of this request's own: AbortSignal.any() on one that lives as long as the service would pile up there. */
function endOf(response: Response, stopping: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort();
  stopping.addEventListener('abort', abort);
  response.once('close', () => {
    stopping.removeEventListener('abort', abort);
    abort();
  });
  if (stopping.aborted) abort();
  return controller.signal;
}
