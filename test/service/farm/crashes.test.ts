import { expect, test } from 'vitest';
import type { JobId } from '../../../shared/job/ids.ts';
import { eventually } from '../../support/eventually.ts';
import { ffmpegProcesses } from '../../support/ffmpeg-processes.ts';
import { LEASE_MS, RealFarm } from '../../support/real-farm.ts';
import { countFrames, makeTestClip } from '../../support/test-clip.ts';

const SECONDS = 12;

/** A job of several segments, each of which takes a few seconds to encode. */
async function farmWithLongJob(workers: readonly string[]) {
  const farm = await RealFarm.start();
  makeTestClip(farm.path('in.mp4'), { seconds: SECONDS, size: '960x540' });
  const started = await Promise.all(workers.map((name) => farm.startWorker(name)));
  const id = await farm.submit({
    input: farm.path('in.mp4'),
    output: farm.path('out.mp4'),
    preset: 'veryslow',
    segment: { mode: 'fixed', seconds: 3 },
    retry_delay_seconds: 0,
  });
  return { farm, id, started };
}

/** Resolves with the pids of at least `count` encodes that are at work. */
function encodesAtWork(farm: RealFarm, count: number): Promise<number[]> {
  return eventually(() => {
    const pids = ffmpegProcesses(farm.scratch);
    expect(pids.length).toBeGreaterThanOrEqual(count);
    return pids;
  }, 20_000);
}

/** Resolves when what is held has had no valid lease for as long as a lease, and the janitor has still not taken it. */
function leasesAreLongOver({ store }: RealFarm, id: string): Promise<void> {
  const leases = store.db
    .selectFrom('tasks')
    .select(['state', 'lease_until'])
    .where('job_id', '=', id as JobId)
    .where('lease_until', 'is not', null);
  return eventually(async () => {
    const now = await store.now();
    const held = await leases.execute();
    expect(held.length).toBeGreaterThan(0);
    for (const { state, lease_until } of held) {
      expect(['assigned', 'running']).toContain(state);
      expect(lease_until).toBeLessThan(now - LEASE_MS);
    }
  }, 5 * LEASE_MS);
}

async function expectWhole(farm: RealFarm, id: string): Promise<void> {
  await farm.reaches(id, 'completed', 90_000);
  expect(countFrames(farm.path('out.mp4'))).toBe(SECONDS * 25);
}

test('a killed FFmpeg costs its own segment alone', async () => {
  const { farm, id } = await farmWithLongJob(['a']);
  await eventually(
    async () => expect((await farm.tasks(id, 'segment')).filter(({ state }) => state === 'running')).toHaveLength(2),
    20_000,
  );
  const [victim] = await encodesAtWork(farm, 2);
  if (victim === undefined) throw new Error('no encode is at work');
  process.kill(victim, 'SIGKILL');
  await expectWhole(farm, id);
  const segments = await farm.tasks(id, 'segment');
  expect(segments.map(({ attempts }) => attempts.length).toSorted((a, b) => a - b)).toEqual([1, 1, 1, 2]);
  const failed = segments.flatMap(({ attempts }) => attempts).filter(({ outcome }) => outcome !== 'done');
  expect(failed).toMatchObject([{ outcome: 'retry', error: { code: 'ffmpeg_killed', fault: 'worker' } }]);
}, 120_000);

test('a killed worker’s tasks run elsewhere, finished segments are kept, and no FFmpeg outlives it', async () => {
  const { farm, id, started } = await farmWithLongJob(['a']);
  await eventually(
    async () => expect((await farm.tasks(id, 'segment')).some(({ state }) => state === 'completed')).toBe(true),
    60_000,
  );
  const finished = (await farm.tasks(id, 'segment')).filter(({ state }) => state === 'completed');
  const pids = await encodesAtWork(farm, 1);
  started[0]?.kill('SIGKILL');
  await eventually(() => expect(ffmpegProcesses(farm.scratch).filter((pid) => pids.includes(pid))).toEqual([]), 2_000);
  await farm.startWorker('b');
  await expectWhole(farm, id);
  const after = await farm.tasks(id, 'segment');
  for (const { id: task } of finished) expect(after.find((segment) => segment.id === task)?.attempts).toHaveLength(1);
  expect(
    after
      .flatMap(({ attempts }) => attempts)
      .some(({ outcome, error }) => outcome === 'interrupted' && error?.code === 'lease_lost'),
  ).toBe(true);
}, 150_000);

test('a worker stopped for longer than its lease comes back fenced, and its files go', async () => {
  const { farm, id, started } = await farmWithLongJob(['a']);
  await encodesAtWork(farm, 2);
  await eventually(async () =>
    expect((await farm.tasks(id, 'segment')).some(({ state }) => state === 'running')).toBe(true),
  );
  started[0]?.kill('SIGSTOP');
  await farm.startWorker('b');
  await eventually(async () => {
    const taken = (await farm.tasks(id, 'segment')).filter(({ attempts }) => attempts.length > 1);
    expect(taken.length).toBeGreaterThan(0);
  }, LEASE_MS + 20_000);
  started[0]?.kill('SIGCONT');
  await expectWhole(farm, id);
  const tasks = await farm.tasks(id);
  for (const { attempts } of tasks) expect(attempts.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
  await eventually(async () => expect(await farm.names(farm.scratch)).toEqual([]), 20_000);
}, 150_000);

test('a cancel in the middle leaves no process and no file six seconds later', async () => {
  const { farm, id } = await farmWithLongJob(['a']);
  await encodesAtWork(farm, 2);
  expect(await farm.cancel(id)).toBe(202);
  await eventually(async () => {
    expect((await farm.job(id)).state).toBe('canceled');
    expect(ffmpegProcesses(farm.folder)).toEqual([]);
    expect(
      (await farm.names(farm.folder)).filter((name) => name.startsWith('.ffmill') || name.startsWith('out')),
    ).toEqual([]);
    expect(await farm.names(farm.scratch)).toEqual([]);
  }, 6_000);
}, 60_000);

test('with every coordinator away encodes go on, and no attempt is made anew', async () => {
  const { farm, id } = await farmWithLongJob(['a']);
  await encodesAtWork(farm, 2);
  await farm.withoutCoordinator(() => leasesAreLongOver(farm, id));
  await expectWhole(farm, id);
  const attempts = (await farm.tasks(id)).map((task) => task.attempts.length);
  expect(new Set(attempts)).toEqual(new Set([1]));
}, 150_000);
