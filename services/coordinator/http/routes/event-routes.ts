import { z } from 'zod';
import { type EventPlace, findEventPlace } from '../../../../shared/db/queries/find-event-place.ts';
import { readJobEvents } from '../../../../shared/db/queries/read-job-events.ts';
import type { JobRow } from '../../../../shared/db/rows.ts';
import type { Db } from '../../../../shared/db/store.ts';
import { isFinalJobState } from '../../../../shared/job/transitions.ts';
import { streamAllEvents } from '../../events/stream-all-events.ts';
import { streamJobEvents } from '../../events/stream-job-events.ts';
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
    async handle({ store, hub }, call) {
      const { signal, disconnect } = call;
      const after = await findLastSeen(store.db, call);
      const chunks = await streamAllEvents({ store, hub }, { after, signal, onTooSlow: disconnect });
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
      const after = seqOf(job, await findLastSeen(db, call));
      if (await isAllTold(db, job, after)) return { status: 204 };
      const chunks = await streamJobEvents({ db, hub }, { jobId: job.id, after, signal, onTooSlow: disconnect });
      return { status: 200, stream: { type: TYPE, chunks } };
    },
  }),
];

/** `none`: the client names an event that is not known (any more); `now`: it names none. */
async function findLastSeen(db: Db, { headers, query }: LastSeen): Promise<EventPlace | 'none' | 'now'> {
  const id = headers['last-event-id'] ?? query.last_event_id;
  return id === undefined ? 'now' : ((await findEventPlace(db, id)) ?? 'none');
}

/** After which of the job's own events the stream goes on. */
function seqOf(job: JobRow, last: EventPlace | 'none' | 'now'): number {
  return typeof last === 'object' && last.jobId === job.id ? last.seq : 0;
}

async function isAllTold(db: Db, job: JobRow, after: number): Promise<boolean> {
  if (!isFinalJobState(job.state)) return false;
  const rest = await readJobEvents(db, { jobId: job.id, afterSeq: after, limit: 1 });
  return rest.length === 0;
}
