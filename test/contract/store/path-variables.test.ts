import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { listAbandonedParts } from '../../../shared/db/queries/list-abandoned-parts.ts';
import { listOverJobs } from '../../../shared/db/queries/list-over-jobs.ts';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import { failUnservableTasks } from '../../../shared/db/transactions/fail-unservable-tasks.ts';
import { markWorkersOffline } from '../../../shared/db/transactions/mark-workers-offline.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import { TestFarm, type TestWorker, testRequest } from '../../support/test-farm.ts';

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
  onTestFinished(() => farm.close());
});

const IN_MEDIA = { input: '${media}/in.mkv', output: '${media}/out.mp4' };
const ENCODERS = ['libx264', 'aac'];
const withMedia = (name: string) => farm.worker(name, ENCODERS, null, ['media', 'scratch']);

describe('a task goes to workers that have its path variables', () => {
  test('and to no others', async () => {
    const [own, other] = [await farm.worker('own'), await farm.worker('other', ENCODERS, null, ['films', 'scratch'])];
    await farm.submit(IN_MEDIA);
    expect(await farm.tryClaim(own)).toBeNull();
    expect(await farm.tryClaim(other)).toBeNull();
    expect(await farm.tryClaim(await withMedia('able'))).toMatchObject({ kind: 'probe' });
  });

  test('an absolute name to those that take their own', async () => {
    const able = await withMedia('able');
    await farm.submit();
    expect(await farm.tryClaim(able)).toBeNull();
    expect(await farm.tryClaim(await farm.worker('own'))).toMatchObject({ kind: 'probe' });
  });

  test('under a class that says so, which only they are told of', async () => {
    const [able, own] = [await withMedia('able'), await farm.worker('own')];
    const id = await farm.submit(IN_MEDIA);
    expect(await farm.tasks(id)).toMatchObject([{ class: 'any@media+scratch' }]);
    expect((await farm.heartbeat(able, [])).subscriptions.classes).toEqual(['any@media+scratch']);
    expect((await farm.heartbeat(own, [])).subscriptions.classes).toEqual([]);
    await farm.done(await farm.claim(able));
    const classes = (await farm.tasks(id)).map((task) => task.class);
    expect(new Set(classes)).toEqual(new Set(['any@media+scratch', 'libx264@media+scratch', 'aac@media+scratch']));
  });

  test('even when the name of the class is a hash', async () => {
    const paths = Array.from({ length: 3 }, (_, index) => `${'storage'.repeat(10)}_${index}`);
    const names = { input: `\${${paths[0]}}/in.mkv`, output: `\${${paths[1]}}/out.mp4` };
    const id = await farm.submit(names);
    expect((await farm.tasks(id))[0]?.class).toMatch(/^sha256-/);
    expect(await farm.tryClaim(await farm.worker('half', [], null, [paths[0] ?? '', 'scratch']))).toBeNull();
    const able = await farm.worker('able', [], null, [...paths, 'scratch']);
    expect(await farm.tryClaim(able)).toMatchObject({ kind: 'probe' });
  });

  test('a publication that was left, too, whatever they can encode', async () => {
    const first = await withMedia('first');
    const { task } = await farm.readyToCommit(first, IN_MEDIA);
    await farm.commit(task);
    await farm.store.db.updateTable('tasks').set({ offered: 1 }).where('state', '=', 'committing').execute();
    const elsewhere = await farm.submit();
    expect(await farm.tryClaim(await farm.worker('own'))).toMatchObject({ job_id: elsewhere, settle: null });
    const plain = await farm.worker('plain', [], null, ['media', 'scratch']);
    expect(await farm.tryClaim(plain)).toMatchObject({ settle: { winner: task.token } });
  });
});

test('an encoder is chosen that somebody with the storage has', async () => {
  await farm.worker('elsewhere', ['libx264', 'libx265', 'aac']);
  const able = await farm.worker('able', ['libx264', 'aac'], null, ['media', 'scratch']);
  const id = await farm.submit({ ...IN_MEDIA, encode: { ...testRequest().encode, video_codec: 'hevc' } });
  await farm.done(await farm.claim(able));
  const job = await farm.job(id);
  expect([job.state, JSON.parse(job.error ?? '{}').code]).toEqual(['failed', 'no_encoder']);
});

test('a worker that reports an error gets nothing until it is back', async () => {
  const worker = await withMedia('w');
  await farm.submit(IN_MEDIA);
  await farm.heartbeat(worker, [], 0.5, 'error');
  expect(await farm.claimUnheard(worker)).toEqual({ task: null });
  await farm.heartbeat(worker, []);
  expect(await farm.claimUnheard(worker)).toMatchObject({ task: { kind: 'probe' } });
});

describe('on one machine', () => {
  test('a path variable that there is not fails the job; in a farm it waits', async () => {
    await farm.worker('only');
    const id = await farm.submit(IN_MEDIA);
    expect(await failUnservableTasks(farm.store, farm.rules)).toBe(0);
    expect(await failUnservableTasks(farm.store, { ...farm.rules, failUnservable: true })).toBe(1);
    const job = await farm.job(id);
    expect(job.state).toBe('failed');
    expect(JSON.parse(job.error ?? '')).toMatchObject({
      code: 'invalid_path',
      message: 'the worker has no ${media}',
    });
  });
});

describe('what a dead worker left beside outputs', () => {
  /** A job that was canceled while its worker was making the file. */
  async function abandoned(worker: TestWorker) {
    const { id } = await farm.readyToCommit(worker, IN_MEDIA);
    return abandonedParts(id);
  }

  async function abandonedParts(id: JobId) {
    await cancelJob(farm.store, id);
    await farm.store.db
      .updateTable('jobs')
      .set({ state: 'canceled', finished_at: farm.clock.now() })
      .where('id', '=', id)
      .execute();
    return { id, parts: [`\${media}/.ffmill-${id}`] };
  }
  const partsFor = (worker: TestWorker) => listAbandonedParts(farm.store.db, worker.id, farm.clock.now());

  test('is for the first other worker with the storage to look after, once it is gone', async () => {
    const dead = await withMedia('dead');
    const { parts } = await abandoned(dead);
    const others = [await withMedia('a'), await withMedia('b')];
    const [first, second] = others.toSorted((a, b) => (a.id < b.id ? -1 : 1)) as [TestWorker, TestWorker];
    await farm.worker('own');
    expect([await partsFor(first), await partsFor(second), await partsFor(dead)]).toEqual([[], [], []]);
    await farm.coordinatorsUpFor(farm.rules.offlineMs + 1_000);
    await Promise.all([first, second].map((worker) => farm.heartbeat(worker, [])));
    await markWorkersOffline(farm.store, farm.rules);
    expect([await partsFor(first), await partsFor(second)]).toEqual([parts, []]);
  });

  test('a trial of its probe, too', async () => {
    const dead = await withMedia('dead');
    const id = await farm.submit(IN_MEDIA);
    await farm.claim(dead);
    const { parts } = await abandonedParts(id);
    await farm.store.db.updateTable('workers').set({ status: 'offline' }).execute();
    expect(await partsFor(await withMedia('first'))).toEqual(parts);
  });

  test('and of a job that is not over yet for nobody', async () => {
    const dead = await withMedia('dead');
    await farm.readyToCommit(dead, IN_MEDIA);
    await farm.store.db.updateTable('workers').set({ status: 'offline' }).execute();
    expect(await partsFor(await withMedia('first'))).toEqual([]);
  });
});

test('of the jobs that have a folder, those that are over are named', async () => {
  const worker = await withMedia('w');
  const [over, open] = [await farm.submit(IN_MEDIA), await farm.submit({ input: '${media}/b.mkv' })];
  await farm.fails(await farm.claim(worker), 'input_missing', 'reject');
  expect(await listOverJobs(farm.store.db, [over, open])).toEqual([over]);
});
