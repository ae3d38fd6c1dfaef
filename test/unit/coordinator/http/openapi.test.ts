import { expect, test } from 'vitest';
import { mountRoutes } from '../../../../services/coordinator/http/mount-routes.ts';
import { describeApi } from '../../../../services/coordinator/http/openapi.ts';
import { ROUTES } from '../../../../services/coordinator/http/routes.ts';
import type { Services } from '../../../../services/coordinator/http/services.ts';

type Operation = {
  operationId: string;
  parameters?: { name: string; in: string }[];
  responses: Record<string, unknown>;
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown> };
};

const api = describeApi(ROUTES) as Document;
const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** What the router really serves: the handlers that Express has registered, but for those that refuse other methods. */
function served(): string[] {
  const router = mountRoutes({} as Services, ROUTES);
  return router.stack.flatMap(({ route }) => {
    const layers = route?.stack ?? [];
    return layers.flatMap(({ method }) => (method === undefined ? [] : [`${method} ${route?.path}`]));
  });
}

test('every route that is served is described, and every description is served', () => {
  const described = operations.map(
    ({ path, method }) => `${method} ${path.replace('/v1', '').replaceAll(/\{(\w+)\}/g, ':$1')}`,
  );
  expect(described.toSorted()).toEqual(served().toSorted());
  expect(described).toContain('get /openapi.json');
});

test('every call has a name of its own and at least one way to succeed and to be refused', () => {
  const names = operations.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const { operation } of operations) {
    const statuses = Object.keys(operation.responses).map(Number);
    expect(statuses.some((status) => status < 300)).toBe(true);
    expect(statuses).toContain(500);
  }
});

test('every variable of a path is a parameter', () => {
  for (const { path, operation } of operations) {
    const variables = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(parameters.map(({ name }) => name)).toEqual(variables);
  }
});

test('every reference leads to a component, and every component is referred to', () => {
  const references = [...JSON.stringify(api).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
    ([, name = '']) => name,
  );
  expect([...new Set(references)].toSorted()).toEqual(Object.keys(api.components.schemas).toSorted());
  expect(JSON.stringify(api)).not.toMatch('$defs');
});

test('a request is described before its defaults are filled in, an answer after', () => {
  const { JobRequest, Job } = api.components.schemas as Record<
    string,
    { required: string[]; additionalProperties: boolean }
  >;
  expect(JobRequest?.required).toEqual(['input', 'output']);
  expect(JobRequest?.additionalProperties).toBe(false);
  expect(Job?.required).toContain('progress');
});

test('a job request is described with its header, its body and its refusals', () => {
  expect(api.paths['/v1/jobs']?.post).toMatchObject({
    operationId: 'submitJob',
    parameters: [{ name: 'idempotency-key', in: 'header', required: false }],
    requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/JobRequest' } } } },
    responses: {
      201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Job' } } } },
      413: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  });
});
