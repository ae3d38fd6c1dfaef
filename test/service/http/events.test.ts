import { afterEach, beforeEach, expect, test } from 'vitest';
import type { EventBody } from '../../../shared/wire/events.ts';
import { readEvents, type Told } from '../../support/read-events.ts';
import { TestCoordinator } from '../../support/test-coordinator.ts';

let api: TestCoordinator;

beforeEach(async () => {
  api = await TestCoordinator.start();
});
afterEach(() => api.stop());

/** An open stream of the real service. */
async function open(path: string, lastEventId?: string) {
  const controller = new AbortController();
  const headers = lastEventId === undefined ? undefined : { 'last-event-id': lastEventId };
  const response = await api.fetch(path, { signal: controller.signal, ...(headers && { headers }) });
  const events = readEvents(response.body);
  return { response, events, close: () => controller.abort() };
}

/** The next `count` events, then the connection is cut. */
async function take(path: string, count: number, lastEventId?: string): Promise<Told[]> {
  const { events, close } = await open(path, lastEventId);
  const told: Told[] = [];
  for await (const event of events) {
    told.push(event);
    if (told.length === count) break;
  }
  close();
  return told;
}

const names = (told: readonly Told[]) => told.map(({ event }) => event);

async function failJob(output: string): Promise<string> {
  const worker = await api.farm.worker(`worker of ${output}`);
  const { id } = await api.submit({ output });
  await api.farm.fails(await api.farm.claim(worker), 'input_missing', 'reject');
  return id;
}

test('a job’s stream tells its whole history and ends with the job', async () => {
  const id = await failJob('/a.mp4');
  const { response, events } = await open(`/v1/jobs/${id}/events`);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream(;|$)/);
  const told: Told[] = [];
  for await (const event of events) told.push(event);
  expect(names(told).at(0)).toBe('job.created');
  expect(names(told).at(-1)).toBe('job.failed');
  expect(told.map(({ data }) => data.seq)).toEqual(told.map((_, index) => index + 1));
  expect(told.every(({ id, data }) => id === data.id && data.job_id !== null)).toBe(true);
});

test('what happens while a stream is open is told at once, until the job has ended', async () => {
  const { id } = await api.submit();
  const { events } = await open(`/v1/jobs/${id}/events`);
  const next = async () => (await events.next()).value?.event;
  expect([await next(), await next()]).toEqual(['job.created', 'task.pending']);
  await api.call('POST', `/v1/jobs/${id}/cancel`);
  const rest: (string | undefined)[] = [];
  for (let event = await next(); event !== undefined; event = await next()) rest.push(event);
  expect(rest.at(-1)).toBe('job.canceled');
});

test('a client that has seen the end is told not to come again', async () => {
  const id = await failJob('/a.mp4');
  const told = await take(`/v1/jobs/${id}/events`, 100);
  const last = told.at(-1)?.id ?? '';
  expect((await open(`/v1/jobs/${id}/events`, last)).response.status).toBe(204);
  expect((await open(`/v1/jobs/${id}/events?last_event_id=${last}`)).response.status).toBe(204);
  expect((await open(`/v1/jobs/${id}/events`, told.at(-2)?.id)).response.status).toBe(200);
});

test('what is told of a job after its end reaches a client that comes back, and then the stream ends', async () => {
  const worker = await api.farm.worker('w');
  const id = await api.farm.probed(worker);
  const [failing, running] = [await api.farm.claim(worker), await api.farm.claim(worker)];
  await api.farm.heartbeat(worker, [failing, running]);
  await api.farm.fails(failing, 'ffmpeg_failed', 'reject');
  await api.farm.report(running, { outcome: 'canceled' });
  const told = await take(`/v1/jobs/${id}/events`, 1000);
  expect(names(told).at(-1)).toBe('job.failed');
  const rest: Told[] = [];
  for await (const event of (await open(`/v1/jobs/${id}/events`, told.at(-1)?.id)).events) rest.push(event);
  expect(names(rest)).toContain('task.canceled');
});

test('an id that is not known starts a stream with the oldest event: better twice than never', async () => {
  const id = await failJob('/a.mp4');
  expect(names(await take(`/v1/jobs/${id}/events`, 1, 'no-such-event'))).toEqual(['job.created']);
});

test('the stream of all begins now, and after Last-Event-ID where that was', async () => {
  await api.submit({ output: '/before.mp4' });
  const { events, close } = await open('/v1/events');
  const first = events.next();
  const second = await api.submit({ output: '/after.mp4' });
  expect((await first).value?.data).toMatchObject({ event: 'job.created', job_id: second.id });
  close();
  const all = await take('/v1/events', 4, 'no-such-event');
  expect(await take('/v1/events', 3, all[0]?.id)).toEqual(all.slice(1));
});

test('a client that loses its connection again and again misses nothing and gets nothing twice', async () => {
  const JOBS = 150;
  let last: string | undefined;
  const told: Told[] = [];
  const opened = await open('/v1/events');
  const submitting = (async () => {
    for (let n = 0; n < JOBS; n++) await api.submit({ output: `/${n}.mp4` });
  })();
  const first = await opened.events.next();
  opened.close();
  if (first.value) told.push(first.value);
  for (let n = 1; told.length < JOBS * 2; n++) {
    last = told.at(-1)?.id;
    told.push(...(await take('/v1/events', Math.min(1 + (n % 7), JOBS * 2 - told.length), last)));
  }
  await submitting;
  const stored = await api.farm.store.db.selectFrom('events').select('id').orderBy('position').execute();
  expect(told.map(({ id }) => id)).toEqual(stored.map(({ id }) => id));
});

test('events of another process on the same database are told too', async () => {
  const { events, close } = await open('/v1/events');
  const next = events.next();
  const at = Date.now();
  const row = { id: 'from-elsewhere', job_id: null, seq: 0, event: 'worker.offline' as const, at, data: '{}' };
  await api.farm.store.db.insertInto('events').values(row).execute();
  expect((await next).value?.id).toBe('from-elsewhere');
  close();
});

test('progress passes to those who watch, without an id, at most twice a second', async () => {
  const worker = await api.farm.worker('w');
  await api.submit();
  const probe = await api.farm.claim(worker);
  await api.farm.heartbeat(worker, [probe]);
  const { events, close } = await open('/v1/events');
  const beat = (progress: number) =>
    api.call('POST', `/v1/workers/${worker.id}/heartbeat`, {
      body: {
        ...{ instance_id: worker.instance, status: 'online' },
        tasks: [{ task_id: probe.task_id, attempt: 1, token: probe.token, progress }],
      },
    });
  await beat(0.25);
  const told: EventBody[] = [];
  for (const _ of [1, 2]) told.push((await events.next()).value?.data as EventBody);
  expect(told.map(({ event }) => event)).toEqual(['task.progress', 'job.progress']);
  expect(told[0]).toMatchObject({ task_id: probe.task_id, data: { kind: 'probe', progress: 0.25 } });
  await beat(0.5);
  api.farm.clock.advance(500);
  await beat(0.75);
  const third = (await events.next()).value;
  expect(third).toMatchObject({ id: '', data: { data: { progress: 0.75 } } });
  close();
});

test('streams end when the service does', async () => {
  const { events } = await open('/v1/events');
  const next = events.next();
  await api.coordinator.stop();
  expect((await next).done).toBe(true);
});
