import { z } from 'zod';
import type { Broker } from '../../../../shared/broker/broker.ts';
import { AppError, failureOf } from '../../../../shared/errors.ts';
import { PROFILES } from '../../../../shared/job/profile.ts';
import { profileList } from '../../../../shared/wire/jobs.ts';
import { describeApi } from '../openapi.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const readyBody = z.object({
  status: z.literal('ready'),
  degraded: z.array(z.string()).optional().meta({ description: 'What is missing, though requests can be served' }),
});

/** What the service says about itself. */
export const SERVICE_ROUTES = [
  defineRoute({
    method: 'get',
    path: '/profiles',
    name: 'listProfiles',
    withoutDatabase: true,
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
    withoutDatabase: true,
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
    withoutDatabase: true,
    summary: 'Whether it may take traffic: the database can be written and it is not ending',
    answers: { 200: { description: 'It may', schema: readyBody } },
    problems: ['unavailable'],
    async handle(services) {
      await requireReady(services);
      const degraded = lackOf(services.broker);
      return { status: 200, body: { status: 'ready', ...(degraded.length === 0 ? {} : { degraded }) } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/metrics',
    name: 'metrics',
    withoutDatabase: true,
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
    withoutDatabase: true,
    summary: 'This description',
    answers: { 200: { description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
    problems: [],
    async handle() {
      return { status: 200, body: describeApi(routes()) };
    },
  });
}

async function requireReady({ leaving, database, broker }: Services): Promise<void> {
  if (leaving.aborted) throw new AppError('unavailable', 'the service is ending');
  await database.check().catch((error: unknown) => {
    const { message } = failureOf(error);
    throw new AppError('unavailable', [message, ...lackOf(broker)].join('; '), { cause: error });
  });
}

/** What does not work, though everything that was asked can be done without it. */
function lackOf(broker: Broker | undefined): string[] {
  const state = broker?.state() ?? 'up';
  return state === 'up' ? [] : [`the broker is ${state}`];
}
