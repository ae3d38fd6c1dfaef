import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JobView, TaskView, WhyView } from '../../../shared/wire/jobs.ts';
import { TestCoordinator } from '../../support/test-coordinator.ts';

let api: TestCoordinator;

beforeEach(async () => {
  api = await TestCoordinator.start();
});
afterEach(() => api.stop());

type Page = { jobs: JobView[]; count: number; next_cursor: string | null };

const list = async (query = '') => (await api.call<Page>('GET', `/v1/jobs${query}`)).body;
const outputs = ({ jobs }: Page) => jobs.map((job) => job.output);

async function submitMany(count: number): Promise<void> {
  const jobs = Array.from({ length: count }, (_, index) => ({ input: '/in.mkv', output: `/${index}.mp4` }));
  await api.call('POST', '/v1/jobs/batch', { body: { jobs } });
}

describe('submitting', () => {
  test('a job is made, shown, and found where Location says', async () => {
    const { status, headers, body } = await api.call<JobView>('POST', '/v1/jobs', {
      body: { input: '/in.mkv', output: '/out.mp4', priority: 70, labels: ['night'] },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ number: 1, state: 'pending', progress: 0, priority: 70, labels: ['night'] });
    expect((await api.call('GET', headers.get('location') ?? '')).body).toEqual(body);
  });

  test('the same key gives the same job, with another request it is refused', async () => {
    const headers = { 'idempotency-key': 'order 17' };
    const body = { input: '/in.mkv', output: '/out.mp4' };
    const first = await api.call('POST', '/v1/jobs', { body, headers });
    const second = await api.call('POST', '/v1/jobs', { body, headers });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body.id).toBe(first.body.id);
    const other = await api.refused('POST', '/v1/jobs', { body: { ...body, priority: 1 }, headers });
    expect(other).toMatchObject({ status: 422, code: 'idempotency_mismatch' });
  });

  test.each(['', 'x'.repeat(256), 'naïve'])('the key %j is refused', async (key) => {
    const sent = { body: { input: '/in.mkv', output: '/out.mp4' }, headers: { 'idempotency-key': key } };
    expect(await api.refused('POST', '/v1/jobs', sent)).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer: '/idempotency-key' }],
    });
  });

  test('an output that another job is going to write is refused', async () => {
    await api.submit({ output: '/out.mp4' });
    const refused = await api.refused('POST', '/v1/jobs', { body: { input: '/b.mkv', output: '/x/../out.mp4' } });
    expect(refused).toMatchObject({ status: 409, code: 'output_in_use', errors: [{ pointer: '/output' }] });
  });

  test('a request that cannot be taken is answered with the code and the place of its problem', async () => {
    const body = { input: '/in.mkv', output: '/out.mp4', profile: 'nope' };
    expect(await api.refused('POST', '/v1/jobs', { body })).toMatchObject({
      status: 400,
      code: 'unknown_profile',
      errors: [{ pointer: '/profile' }],
    });
  });
});

describe('a batch', () => {
  test('makes its jobs in order, a thousand at a time', async () => {
    await submitMany(1000);
    const page = await list('?limit=2');
    expect(page.count).toBe(1000);
    expect(outputs(page)).toEqual(['/999.mp4', '/998.mp4']);
  });

  test('repeated under its key, makes nothing more', async () => {
    const headers = { 'idempotency-key': 'batch' };
    const body = { jobs: [1, 2].map((n) => ({ input: '/in.mkv', output: `/${n}.mp4` })) };
    const first = await api.call<Page>('POST', '/v1/jobs/batch', { body, headers });
    const second = await api.call<Page>('POST', '/v1/jobs/batch', { body, headers });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(second.body.jobs.map(({ id }) => id)).toEqual(first.body.jobs.map(({ id }) => id));
  });

  test.each([
    ['of the wrong form', { input: '/in.mkv', output: '/b.mp4', crf: -1 }, 'invalid_request', '/jobs/1/crf'],
    [
      'of an unknown codec',
      { input: '/in.mkv', output: '/b.mp4', video_codec: 'x' },
      'unknown_codec',
      '/jobs/1/video_codec',
    ],
    ['for the same output', { input: '/in.mkv', output: '/a.mp4' }, 'output_in_use', '/jobs/1/output'],
  ])('with one request %s makes none', async (_name, second, code, pointer) => {
    const body = { jobs: [{ input: '/in.mkv', output: '/a.mp4' }, second] };
    const problem = await api.refused('POST', '/v1/jobs/batch', { body });
    expect(problem).toMatchObject({ code, errors: [{ pointer }] });
    expect((await list()).count).toBe(0);
  });

  test.each([0, 1001])('of %i requests is refused', async (count) => {
    const jobs = Array.from({ length: count }, (_, index) => ({ input: '/in.mkv', output: `/${index}.mp4` }));
    const problem = await api.refused('POST', '/v1/jobs/batch', { body: { jobs } });
    expect(problem).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '/jobs' }] });
  });
});

describe('listing', () => {
  test('pages follow each other without gap or repetition while jobs come in', async () => {
    await submitMany(5);
    const first = await list('?limit=2');
    await api.submit({ output: '/late.mp4' });
    const second = await list(`?limit=2&cursor=${first.next_cursor}`);
    const third = await list(`?limit=2&cursor=${second.next_cursor}`);
    expect([first, second, third].flatMap(outputs)).toEqual(['/4.mp4', '/3.mp4', '/2.mp4', '/1.mp4', '/0.mp4']);
    expect(third.next_cursor).toBeNull();
  });

  test('a full last page is the last', async () => {
    await submitMany(2);
    expect((await list('?limit=2')).next_cursor).toBeNull();
  });

  test('state and label choose, and count says how many there are', async () => {
    const canceled = await api.submit({ output: '/a.mp4', labels: ['night', 'say "hi"'] });
    await api.submit({ output: '/b.mp4', labels: ['nightly'] });
    await api.call('POST', `/v1/jobs/${canceled.id}/cancel`);
    expect(await list('?state=canceled')).toMatchObject({ count: 1, jobs: [{ id: canceled.id }] });
    expect(await list('?label=night')).toMatchObject({ count: 1, jobs: [{ id: canceled.id }] });
    expect(await list(`?label=${encodeURIComponent('say "hi"')}`)).toMatchObject({ count: 1 });
    expect(await list('?label=night&state=pending&kind=transcode')).toMatchObject({ count: 0, jobs: [] });
  });

  test.each([
    ['limit=0', '/limit'],
    ['limit=501', '/limit'],
    ['limit=many', '/limit'],
    ['state=asleep', '/state'],
    ['cursor=nonsense', '/cursor'],
    ['order=asc', '/order'],
  ])('?%s is refused', async (query, pointer) => {
    expect(await api.refused('GET', `/v1/jobs?${query}`)).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer }],
    });
  });
});

describe('one job', () => {
  test('is found by id and by number, with /v1 and without', async () => {
    const { id, number } = await api.submit();
    for (const path of [`/v1/jobs/${id}`, `/jobs/${number}`])
      expect((await api.call('GET', path)).body).toMatchObject({ id, number });
  });

  test.each(['7', '01890000-0000-7000-8000-000000000000', 'batch-of-things', '%00'])(
    'that does not exist (%s) is not found',
    async (reference) => {
      for (const rest of ['', '/tasks', '/why', '/logs', '/events'])
        expect(await api.refused('GET', `/v1/jobs/${reference}${rest}`)).toMatchObject({ code: 'not_found' });
      for (const rest of ['/cancel', '/retry'])
        expect(await api.refused('POST', `/v1/jobs/${reference}${rest}`)).toMatchObject({ code: 'not_found' });
    },
  );

  test('its progress is that of its tasks by weight, and a rest time comes with it', async () => {
    const worker = await api.farm.worker('w');
    const { id } = await api.submit();
    const probe = await api.farm.claim(worker);
    for (const progress of [0, 0.5]) await api.farm.heartbeat(worker, [probe], progress);
    expect((await api.call<JobView>('GET', `/v1/jobs/${id}`)).body).toMatchObject({ stage: 'probe', progress: 0 });
    await api.farm.done(probe);
    const segment = await api.farm.claim(worker);
    await api.farm.heartbeat(worker, [segment], 0);
    const before = (await api.call<JobView>('GET', `/v1/jobs/${id}`)).body;
    api.farm.clock.advance(5000);
    await api.farm.heartbeat(worker, [segment], 1);
    const after = (await api.call<JobView>('GET', `/v1/jobs/${id}`)).body;
    expect(before).toMatchObject({ state: 'running', stage: 'encode' });
    expect(after.progress).toBeGreaterThan(before.progress);
    expect(after.progress).toBeLessThan(1);
    expect(after.eta_seconds).toBeGreaterThan(0);
  });

  test('completed, it has a result, a pace and nothing left to do', async () => {
    const worker = await api.farm.worker('w');
    const { id, task } = await api.farm.readyToCommit(worker);
    api.farm.clock.advance(20_000);
    await api.farm.commit(task);
    await api.farm.done(task);
    expect((await api.call<JobView>('GET', `/v1/jobs/${id}`)).body).toMatchObject({
      state: 'completed',
      progress: 1,
      eta_seconds: null,
      error: null,
      result: { size_bytes: 1000, attempt_id: task.token, verification: { frames: 1800 } },
      stats: { media_seconds: 60, output_bytes: 1000 },
    });
  });

  test('its tasks show their attempts and who made them', async () => {
    const worker = await api.farm.worker('blue');
    const { id } = await api.submit();
    const probe = await api.farm.claim(worker);
    await api.farm.heartbeat(worker, [probe]);
    await api.farm.fails(probe, 'ffmpeg_killed');
    const { body } = await api.call<{ tasks: TaskView[] }>('GET', `/v1/jobs/${id}/tasks`);
    expect(body.tasks).toMatchObject([
      {
        kind: 'probe',
        state: 'pending',
        failures: 1,
        attempts: [
          { id: probe.token, number: 1, worker_name: 'blue', outcome: 'retry', error: { code: 'ffmpeg_killed' } },
        ],
      },
    ]);
  });
});

describe('changing', () => {
  test('a cancel is accepted, and again', async () => {
    const { id } = await api.submit();
    for (const _ of [1, 2]) {
      const { status, body } = await api.call('POST', `/v1/jobs/${id}/cancel`);
      expect([status, body.state]).toEqual([202, 'canceled']);
    }
  });

  test('a cancel comes too late once an attempt may publish', async () => {
    const { id, task } = await api.farm.readyToCommit(await api.farm.worker('w'));
    await api.farm.commit(task);
    expect(await api.refused('POST', `/v1/jobs/${id}/cancel`)).toMatchObject({ status: 409, code: 'too_late' });
  });

  test('a retry makes a new job of a canceled one, and no other of one that runs', async () => {
    const { id } = await api.submit();
    expect(await api.refused('POST', `/v1/jobs/${id}/retry`)).toMatchObject({ status: 409, code: 'wrong_state' });
    await api.call('POST', `/v1/jobs/${id}/cancel`);
    const { status, headers, body } = await api.call<JobView>('POST', `/v1/jobs/${id}/retry`);
    expect([status, headers.get('location')]).toEqual([201, `/v1/jobs/${body.id}`]);
    expect(body).toMatchObject({ number: 2, state: 'pending' });
  });

  test('priority and labels change, nothing else does', async () => {
    const { id } = await api.submit({ labels: ['a'] });
    const { status, body } = await api.call('PATCH', `/v1/jobs/${id}`, { body: { priority: 90, labels: ['b'] } });
    expect([status, body.priority, body.labels]).toEqual([200, 90, ['b']]);
    for (const wrong of [{}, { priority: 101 }, { output: '/x.mp4' }])
      expect(await api.refused('PATCH', `/v1/jobs/${id}`, { body: wrong })).toMatchObject({ code: 'invalid_request' });
  });
});

describe('why', () => {
  const why = async (id: string) => (await api.call<WhyView>('GET', `/v1/jobs/${id}/why`)).body;

  test('a job waits because there is no worker', async () => {
    const { id } = await api.submit();
    expect(await why(id)).toMatchObject({ state: 'pending', reason: 'No worker has registered.' });
  });

  test('each waiting task has its place, and each worker its reason', async () => {
    const [first, second] = [
      await api.submit({ output: '/a.mp4' }),
      await api.submit({ output: '/b.mp4', priority: 60 }),
    ];
    const drained = await api.farm.worker('drained');
    await api.farm.worker('free');
    await api.call('POST', `/v1/workers/${drained.id}/drain`);
    expect((await why(second.id)).waiting).toMatchObject([{ kind: 'probe', position: 1 }]);
    expect((await why(first.id)).waiting).toMatchObject([
      {
        position: 2,
        workers: [
          { name: 'drained', reason: 'is draining' },
          { name: 'free', reason: 'may take it' },
        ],
      },
    ]);
  });

  test('an encoder that no worker proved is named', async () => {
    const worker = await api.farm.worker('w', ['aac', 'libx264']);
    const id = await api.farm.probed(worker);
    await api.farm.store.db.updateTable('workers').set({ status: 'offline' }).execute();
    await api.farm.worker('plain', ['aac']);
    const { reason, waiting } = await why(id);
    expect(reason).toMatch('No worker that is online has proved');
    const reasons = waiting.flatMap((task) => task.workers).map(({ name, reason }) => `${name} ${reason}`);
    expect(reasons).toContain('plain has not proved libx264');
    expect(reasons.join()).toMatch('w is offline since');
  });

  test('a path variable that no worker has is named, with those that there are', async () => {
    await api.farm.worker('w', ['libx264'], null, ['media', 'scratch']);
    const { id, state } = await api.submit({ input: '${medai}/in.mkv', output: '${media}/out.mp4' });
    expect(state).toBe('pending');
    const { reason, waiting } = await why(id);
    expect(reason).toBe('No worker that is online has ${medai}. Path variables there are: ${media}, ${scratch}.');
    expect(waiting).toMatchObject([{ workers: [{ name: 'w', reason: 'does not have ${medai}' }] }]);
  });

  test('an absolute name in a farm of path variables is explained', async () => {
    await api.farm.worker('w', [], null, ['media', 'scratch']);
    const { id } = await api.submit({ input: '/in.mkv', output: '${media}/out.mp4' });
    const { reason, waiting } = await why(id);
    expect(reason).toMatch('No worker that is online takes absolute names.');
    expect(waiting).toMatchObject([{ workers: [{ reason: 'does not take absolute names' }] }]);
  });

  test('what no worker has together is named whole', async () => {
    await api.farm.worker('a', [], null, ['films', 'scratch']);
    await api.farm.worker('b', [], null, ['series', 'scratch']);
    const { id } = await api.submit({ input: '${films}/in.mkv', output: '${series}/out.mp4' });
    expect((await why(id)).reason).toBe('No worker that is online has ${films} and ${scratch} and ${series}.');
  });

  test('a publication whose storage left with its worker says what it waits for', async () => {
    const worker = await api.farm.worker('w', ['libx264', 'aac'], null, ['media', 'scratch']);
    const names = { input: '${media}/in.mkv', output: '${media}/out.mp4' };
    const { id, task } = await api.farm.readyToCommit(worker, names);
    await api.farm.commit(task);
    await api.farm.store.db.updateTable('tasks').set({ offered: 1 }).where('state', '=', 'committing').execute();
    await api.farm.store.db.updateTable('workers').set({ status: 'offline' }).execute();
    await api.farm.worker('other', [], null, ['scratch']);
    expect((await why(id)).reason).toMatch(/is gone\. No worker that is online has \$\{media\}/);
  });

  test('a failed job says what failed and whose fault it was', async () => {
    const worker = await api.farm.worker('w');
    const { id } = await api.submit();
    await api.farm.fails(await api.farm.claim(worker), 'input_truncated', 'reject');
    expect((await why(id)).reason).toBe('It failed with input_truncated: as the test wants it. The input is at fault.');
  });

  test('a job that publishes says so, and why its file was not split', async () => {
    const { id, task } = await api.farm.readyToCommit(await api.farm.worker('w'));
    await api.farm.commit(task);
    expect((await why(id)).reason).toMatch(/is being published.*The file is not split: /);
  });
});
