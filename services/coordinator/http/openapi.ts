import { z } from 'zod';
import { ERRORS, type ErrorCode } from '../../../shared/errors.ts';
import { problemBody } from '../../../shared/wire/problems.ts';
import { PROBLEM_TYPE } from './problem.ts';
import { BODY_LIMIT_BYTES, MIB, type Route, type Success } from './route.ts';

type Json = Readonly<Record<string, unknown>>;
type Components = Record<string, unknown>;

/** What any call can be refused with. */
const ALWAYS: readonly ErrorCode[] = ['forbidden', 'internal'];
const WITH_BODY: readonly ErrorCode[] = [
  'malformed_json',
  'body_too_large',
  'unsupported_media_type',
  'invalid_request',
];

/** The OpenAPI 3.1 document of these routes, made from the schemas that serve them. */
export function describeApi(routes: readonly Route[]): Json {
  const schemas: Components = {};
  const problem = schemaOf(problemBody.meta({ id: 'Problem' }), 'output', schemas);
  const byPath = Map.groupBy(routes, (route) => `/v1${route.path.replaceAll(/:(\w+)/g, '{$1}')}`);
  const paths = Object.fromEntries(
    [...byPath].map(([path, siblings]) => [
      path,
      Object.fromEntries(siblings.map((route) => [route.method, operation(route, problem, schemas)])),
    ]),
  );
  return {
    openapi: '3.1.0',
    info: {
      title: 'ffmill',
      version: '1',
      description: 'A farm of FFmpeg workers. Every path is served without `/v1` too. Times are UTC, ISO 8601.',
    },
    paths,
    components: { schemas },
  };
}

function operation(route: Route, problem: Json, schemas: Components): Json {
  const parameters = [
    ...parametersOf('path', route.params, schemas),
    ...parametersOf('query', route.query, schemas),
    ...parametersOf('header', route.headers, schemas),
  ];
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [route.path.split('/')[1]],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : { requestBody: requestBody(route, route.body, schemas) }),
    responses: { ...successes(route, schemas), ...refusals(route, problem) },
  };
}

function requestBody({ bodyLimitBytes = BODY_LIMIT_BYTES }: Route, body: z.ZodType, schemas: Components): Json {
  const description = `At most ${bodyLimitBytes / MIB} MiB`;
  return { description, required: true, content: { 'application/json': { schema: schemaOf(body, 'input', schemas) } } };
}

/** OpenAPI wants parameters one by one, zod has them as one object. */
function parametersOf(place: 'path' | 'query' | 'header', schema: z.ZodType | undefined, schemas: Components): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input', schemas) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    ...{ name, in: place, required: place === 'path' || required.includes(name) },
    ...(description === undefined ? {} : { description }),
    schema: property,
  }));
}

function successes(route: Route, schemas: Components): Json {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, answer]) => [status, successOf(answer, schemas)]),
  );
}

function successOf({ description, schema, type }: Success, schemas: Components): Json {
  if (schema === undefined && type === undefined) return { description };
  const content = schema === undefined ? { type: 'string' } : schemaOf(schema, 'output', schemas);
  return { description, content: { [type ?? 'application/json']: { schema: content } } };
}

function refusals(route: Route, problem: Json): Json {
  const parsed = route.body !== undefined || route.query !== undefined || route.headers !== undefined;
  const codes = new Set([
    ...route.problems,
    ...(route.body === undefined ? [] : WITH_BODY),
    ...(parsed ? (['invalid_request'] as const) : []),
    ...ALWAYS,
  ]);
  const byStatus = Map.groupBy(codes, (code) => ERRORS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [
      status,
      { description: of.map(describeCode).join('; '), content: { [PROBLEM_TYPE]: { schema: problem } } },
    ]),
  );
}

function describeCode(code: ErrorCode): string {
  return `\`${code}\`: ${ERRORS[code].title}`;
}

/** A schema as JSON; those that have an id go to the components, and a reference is what is left. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Components): Json {
  const { $schema, $defs = {}, ...root } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  Object.assign(schemas, pointToComponents($defs));
  return pointToComponents(root);
}

function pointToComponents(json: unknown): Components {
  return JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')) as Components;
}
