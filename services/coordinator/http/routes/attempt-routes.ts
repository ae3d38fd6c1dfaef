import { findEndedAttempts } from '../../../../shared/db/queries/find-ended-attempts.ts';
import { appendLogLines } from '../../../../shared/db/transactions/append-log-lines.ts';
import { commitAttempt } from '../../../../shared/db/transactions/commit-attempt.ts';
import { reportAttempt } from '../../../../shared/db/transactions/report-attempt.ts';
import { AppError } from '../../../../shared/errors.ts';
import {
  commitBody,
  endedAttemptsAnswer,
  endedAttemptsBody,
  logsBody,
  reportBody,
} from '../../../../shared/wire/workers.ts';
import { attemptParams } from '../params.ts';
import { defineRoute, MIB } from '../route.ts';

/** Reports and logs come from workers alone and carry media info and FFmpeg's output: a refusal would lose the work. */
const bodyLimitBytes = 8 * MIB;

/** What workers say about their attempts. */
export const ATTEMPT_ROUTES = [
  defineRoute({
    method: 'post',
    path: '/attempts/ended',
    name: 'findEndedAttempts',
    summary: 'Which of these attempts are over, so that their files may go',
    body: endedAttemptsBody,
    answers: { 200: { description: 'Those that are over', schema: endedAttemptsAnswer } },
    problems: [],
    async handle({ store: { db } }, { body }) {
      return { status: 200, body: { ended: await findEndedAttempts(db, body.attempts) } };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/attempts/:id/commit',
    name: 'commitAttempt',
    summary: 'Decide that this attempt’s file is the one to be published; repeatable',
    params: attemptParams,
    body: commitBody,
    bodyLimitBytes,
    answers: { 204: { description: 'It is: publish it' } },
    problems: ['fenced'],
    async handle({ store, rules }, { params, body }) {
      return recordedOrFenced(await commitAttempt(store, { attemptId: params.id, body, rules }));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/attempts/:id/report',
    name: 'reportAttempt',
    summary: 'Tell how an attempt ended; repeatable',
    params: attemptParams,
    body: reportBody,
    bodyLimitBytes,
    answers: { 204: { description: 'Recorded' } },
    problems: ['fenced'],
    async handle({ store, rules }, { params, body }) {
      return recordedOrFenced(await reportAttempt(store, { attemptId: params.id, body, rules }));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/attempts/:id/logs',
    name: 'appendLogLines',
    summary: 'Add lines to the job’s log',
    params: attemptParams,
    body: logsBody,
    bodyLimitBytes,
    answers: { 204: { description: 'Kept' } },
    problems: ['not_found'],
    async handle({ store, news }, { params, body }) {
      await appendLogLines(store, params.id, body);
      news.afterLogLines(params.id, body.lines);
      return { status: 204 };
    },
  }),
];

function recordedOrFenced(result: 'committed' | 'recorded' | 'fenced') {
  if (result === 'fenced') throw new AppError('fenced', 'the task belongs to another attempt, or its job has ended');
  return { status: 204 };
}
