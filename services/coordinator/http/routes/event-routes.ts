import { z } from 'zod';
import { findEventPosition } from '../../../../shared/db/queries/find-event-position.ts';
import { readEventsBetween } from '../../../../shared/db/queries/read-events-between.ts';
import type { JobRow } from '../../../../shared/db/rows.ts';
import type { Db } from '../../../../shared/db/store.ts';
import { isFinalJobState } from '../../../../shared/job/transitions.ts';
import { streamEvents } from '../../events/stream-events.ts';
import { loadJob } from '../load-job.ts';
import { jobParams } from '../params.ts';
import { defineRoute } from '../route.ts';

const TYPE = 'text/event-stream';

const LAST_ID = z.string().max(100).optional().meta({
  description: 'The last event that came: the stream goes on after it. One that is not known: with the oldest',
});
const headers = z.object({ 'last-event-id': LAST_ID });
const query = z.strictObject({ last_event_id: LAST_ID });

type LastSeen = { readonly headers: z.output<typeof headers>; readonly query: z.output<typeof query> };

export const EVENT_ROUTES = [
  defineRoute({
    method: 'get',
    path: '/events',
    name: 'watchAll',
    summary: 'The events of all jobs and workers, from now on or after the last that came',
    ...{ headers, query },
    answers: { 200: { description: 'Server-sent events; the data of each is an Event', type: TYPE } },
    problems: [],
    async handle({ store: { db }, hub }, call) {
      const { signal, disconnect } = call;
      const after = await findLastSeen(db, call);
      const chunks = streamEvents({ db, hub }, { jobId: null, after, signal, onTooSlow: disconnect });
      return { status: 200, stream: { type: TYPE, chunks } };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/jobs/:id/events',
    name: 'watchJob',
    summary: 'The events of a job, from its beginning or after the last that came; the stream ends with the job',
    params: jobParams,
    ...{ headers, query },
    answers: {
      200: { description: 'Server-sent events; the data of each is an Event', type: TYPE },
      204: { description: 'The job has ended and all its events have come: do not ask again' },
    },
    problems: ['not_found'],
    async handle({ store: { db }, hub }, call) {
      const { params, signal, disconnect } = call;
      const job = await loadJob(db, params.id);
      const after = (await findLastSeen(db, call)) ?? 0;
      if (await isAllTold(db, job, after)) return { status: 204 };
      const chunks = streamEvents({ db, hub }, { jobId: job.id, after, signal, onTooSlow: disconnect });
      return { status: 200, stream: { type: TYPE, chunks } };
    },
  }),
];

async function findLastSeen(db: Db, { headers, query }: LastSeen): Promise<number | null> {
  const id = headers['last-event-id'] ?? query.last_event_id;
  return id === undefined ? null : findEventPosition(db, id);
}

async function isAllTold(db: Db, job: JobRow, after: number): Promise<boolean> {
  if (!isFinalJobState(job.state)) return false;
  const rest = await readEventsBetween(db, { after, jobId: job.id, limit: 1 });
  return rest.length === 0;
}
