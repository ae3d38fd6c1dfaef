import { listAbandonedParts } from '../../../../shared/db/queries/list-abandoned-parts.ts';
import { listOverJobs } from '../../../../shared/db/queries/list-over-jobs.ts';
import type { Rules } from '../../../../shared/db/rules.ts';
import { registerWorker } from '../../../../shared/db/transactions/register-worker.ts';
import { renewLeases } from '../../../../shared/db/transactions/renew-leases.ts';
import {
  type ClaimAnswer,
  claimAnswer,
  claimBody,
  heartbeatAnswer,
  heartbeatBody,
  leftoversAnswer,
  leftoversBody,
  type RegisterAnswer,
  registerAnswer,
  registerBody,
} from '../../../../shared/wire/workers.ts';
import { workerParams } from '../params.ts';
import { defineRoute } from '../route.ts';

/** What workers ask for: a place in the farm, its leases, tasks. */
export const DISPATCH_ROUTES = [
  defineRoute({
    method: 'post',
    path: '/workers/register',
    name: 'registerWorker',
    summary: 'Make a worker known, or tell what has changed',
    body: registerBody,
    answers: {
      201: { description: 'A new worker', schema: registerAnswer },
      200: { description: 'A known one', schema: registerAnswer },
    },
    problems: ['name_in_use'],
    async handle({ store, rules }, { body }) {
      const { id, created, subscriptions } = await registerWorker(store, { body, rules });
      return { status: created ? 201 : 200, body: { id, ...seconds(rules), subscriptions } satisfies RegisterAnswer };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/workers/:id/heartbeat',
    name: 'heartbeat',
    summary: 'Renew the leases of exactly the attempts that are listed',
    params: workerParams,
    body: heartbeatBody,
    answers: { 200: { description: 'What to end, what may be consumed', schema: heartbeatAnswer } },
    problems: ['unknown_worker', 'name_in_use'],
    async handle({ store, rules, news }, { params, body }) {
      const answer = await renewLeases(store, { workerId: params.id, body, rules });
      news.afterHeartbeat(body.tasks);
      return { status: 200, body: answer };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/workers/:id/claim',
    name: 'claimTask',
    summary: 'Claim a task, waiting for one if wished; repeating a claim_id gives the same task',
    params: workerParams,
    body: claimBody,
    answers: { 200: { description: 'A task, none, or the advice to ask again', schema: claimAnswer } },
    problems: ['unknown_worker', 'name_in_use'],
    async handle({ dispatcher, metrics, brokerSide }, { params, body, signal }) {
      const answer = await dispatcher.claim({ workerId: params.id, body, signal });
      // A claim of one class was made for a token: lost to another claim, it still stands for a task that waits.
      if ('again' in answer && body.class !== undefined) brokerSide?.owe(body.class);
      metrics.countClaim(kindOf(answer));
      return { status: 200, body: answer };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/workers/:id/leftovers',
    name: 'findLeftovers',
    summary: 'Where to look for files that nobody needs any more',
    params: workerParams,
    body: leftoversBody,
    answers: { 200: { description: 'Folders to look into', schema: leftoversAnswer } },
    problems: [],
    async handle({ store }, { params, body }) {
      const parts = await listAbandonedParts(store.db, params.id, await store.now());
      return { status: 200, body: { over: await listOverJobs(store.db, body.jobs), parts } };
    },
  }),
];

function seconds({ leaseMs, heartbeatMs }: Rules) {
  return { lease_seconds: leaseMs / 1000, heartbeat_seconds: heartbeatMs / 1000 };
}

function kindOf(answer: ClaimAnswer): 'task' | 'none' | 'again' {
  if ('again' in answer) return 'again';
  return answer.task === null ? 'none' : 'task';
}
