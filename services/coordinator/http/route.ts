import type { z } from 'zod';
import type { ErrorCode } from '../../../shared/errors.ts';
import type { Services } from './services.ts';

export const MIB = 1024 * 1024;

/** What a body may have unless its route says otherwise: a request is a few hundred bytes. */
export const BODY_LIMIT_BYTES = MIB;

/** What a handler is given: everything parsed. */
type Call<Params, Query, Headers, Body> = {
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
  /** Aborted when the client has gone or the service is ending. */
  readonly signal: AbortSignal;
  /** Cuts the connection to a client that does not read. */
  disconnect(): void;
};

/** What a handler gives back. A body is sent as JSON, text under its own type, chunks as they come. */
export type Answer = {
  readonly status: number;
  readonly body?: unknown;
  readonly text?: { readonly type: string; readonly content: string };
  readonly stream?: { readonly type: string; readonly chunks: AsyncIterable<string> };
  readonly location?: string;
};

/** One way in which a call can succeed, for the API description. */
export type Success = {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** `application/json` when there is a schema and nothing else is said. */
  readonly type?: string;
};

/**
 * A call of the API: what `mountRoutes` serves and what openapi.json describes, in one place so that the two cannot
 * differ. Params, query, headers and body reach the handler as their schemas made them.
 */
export type Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Headers extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
> = {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** As Express writes it: `/jobs/:id`. Served under `/v1` too. */
  readonly path: string;
  readonly name: string;
  readonly summary: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly headers?: Headers;
  readonly body?: Body;
  /** Answers even where the database is away or of another version. */
  readonly withoutDatabase?: boolean;
  /** `BODY_LIMIT_BYTES` when not said. */
  readonly bodyLimitBytes?: number;
  readonly answers: Readonly<Record<number, Success>>;
  /** Besides those that any call can give. */
  readonly problems: readonly ErrorCode[];
  handle(
    services: Services,
    call: Call<z.output<Params>, z.output<Query>, z.output<Headers>, z.output<Body>>,
  ): Promise<Answer>;
};

/** Checks a route's handler against its schemas. */
export function defineRoute<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Headers extends z.ZodType,
  Body extends z.ZodType,
>(route: Route<Params, Query, Headers, Body>): Route {
  return route;
}
