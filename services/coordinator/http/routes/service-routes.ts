import { z } from 'zod';
import { AppError } from '../../../../shared/errors.ts';
import { PROFILES } from '../../../../shared/job/profile.ts';
import { profileList } from '../../../../shared/wire/jobs.ts';
import { describeApi } from '../openapi.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

/** What the service says about itself. */
export const SERVICE_ROUTES = [
  defineRoute({
    method: 'get',
    path: '/profiles',
    name: 'listProfiles',
    summary: 'The profiles that a job can name',
    answers: { 200: { description: 'The profiles', schema: profileList } },
    problems: [],
    async handle() {
      return { status: 200, body: { profiles: PROFILES } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/health',
    name: 'health',
    summary: 'Whether the process is alive',
    answers: { 200: { description: 'It is', schema: z.object({ status: z.literal('ok') }) } },
    problems: [],
    async handle() {
      return { status: 200, body: { status: 'ok' } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/ready',
    name: 'ready',
    summary: 'Whether it may take traffic: the database can be written and it is not ending',
    answers: { 200: { description: 'It may', schema: z.object({ status: z.literal('ready') }) } },
    problems: ['unavailable'],
    async handle(services) {
      await requireReady(services);
      return { status: 200, body: { status: 'ready' } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/metrics',
    name: 'metrics',
    summary: 'Figures for Prometheus',
    answers: { 200: { description: 'Prometheus’ text format', type: 'text/plain' } },
    problems: [],
    async handle({ metrics }) {
      return { status: 200, text: { type: metrics.type, content: await metrics.print() } };
    },
  }),
];

/** The route to the description of all routes, itself among them. */
export function describingRoute(routes: () => readonly Route[]): Route {
  return defineRoute({
    method: 'get',
    path: '/openapi.json',
    name: 'describeApi',
    summary: 'This description',
    answers: { 200: { description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
    problems: [],
    async handle() {
      return { status: 200, body: describeApi(routes()) };
    },
  });
}

async function requireReady({ stopping, touch }: Services): Promise<void> {
  if (stopping.aborted) throw new AppError('unavailable', 'the service is ending');
  await touch().catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('unavailable', `the database cannot be written: ${reason}`, { cause });
  });
}
