import { requestSweep } from '../../../../shared/db/transactions/request-sweep.ts';
import { sweepAnswer, sweepBody } from '../../../../shared/wire/sweeps.ts';
import { awaitSweep } from '../await-sweep.ts';
import { defineRoute } from '../route.ts';

/** A janitor looks every second; one that has just died is replaced within five. */
const PATIENCE_MS = 15_000;

/** What those who run the farm ask for. */
export const ADMIN_ROUTES = [
  defineRoute({
    method: 'post',
    path: '/admin/janitor/run',
    name: 'runSweeps',
    summary: 'Let the janitor run one sweep, or all of them, now, and tell what was repaired',
    body: sweepBody,
    answers: { 200: { description: 'What came of each sweep', schema: sweepAnswer } },
    problems: ['sweep_timed_out'],
    async handle({ store }, { body, signal }) {
      const id = await requestSweep(store, body.sweep ?? null);
      return { status: 200, body: await awaitSweep(store.db, { id, patienceMs: PATIENCE_MS, signal }) };
    },
  }),
];
