import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorkerView } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { createBench } from '../../support/ffmill-process.ts';
import { RealFarm } from '../../support/real-farm.ts';
import { makeTestClip } from '../../support/test-clip.ts';

describe('ffmill workers', () => {
  const bench = createBench();
  const ends: (() => Promise<void>)[] = [];
  let farm: RealFarm;

  beforeAll(async () => {
    farm = await RealFarm.start((end) => void ends.push(end));
    makeTestClip(farm.path('in.mp4'), { seconds: 4, size: '960x540' });
    await farm.startWorker('mill one', { slots: 1 });
    await eventually(async () => expect((await list()).map(({ name }) => name)).toEqual(['mill one']), 40_000);
  });
  afterAll(async () => {
    bench.clear();
    for (const end of ends.toReversed()) await end();
  });

  const ffmill = (...args: string[]) => bench.run(['workers', ...args], { FFMILL_URL: farm.url });
  const json = async (...args: string[]) => JSON.parse((await ffmill(...args, '--json')).stdout);
  const list = async (): Promise<WorkerView[]> => (await json()).workers;
  const submit = (output: string) =>
    farm.submit({
      ...{ input: farm.path('in.mp4'), output: farm.path(output) },
      ...{ preset: 'veryslow', segment: { mode: 'off' } },
    });
  const encoding = (job: string) =>
    eventually(async () => expect((await farm.tasks(job, 'transcode'))[0]?.state).toBe('running'), 40_000);
  const stateOf = async (job: string) => (await farm.job(job)).state;

  test('a drained worker finishes what it has and takes nothing more; resumed it takes tasks again', async () => {
    const first = await submit('first.mp4');
    await encoding(first);
    const next = await submit('next.mp4');

    const drained = bench.start(['workers', 'drain', 'mill one', '--wait'], { FFMILL_URL: farm.url });
    await drained.said('mill one has 1 task to finish');
    expect((await list())[0]).toMatchObject({ status: 'draining', active_tasks: 1 });
    const { code, stdout } = await drained.endsWithin(50_000);
    expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
      code: 0,
      last: expect.stringMatching(/^mill one +draining +0\/1 /),
    });
    await farm.reaches(first, 'completed');
    expect((await farm.tasks(first, 'transcode'))[0]?.attempts).toMatchObject([{ outcome: 'done' }]);
    expect(await stateOf(next)).toBe('pending');

    const [worker] = await list();
    expect(await json('resume', worker?.id ?? '')).toMatchObject({ name: 'mill one', status: 'online' });
    await farm.reaches(next, 'completed');
  }, 120_000);

  test('a wait ends when somebody resumes the worker', async () => {
    const job = await submit('third.mp4');
    await encoding(job);
    const drained = bench.start(['workers', 'drain', 'mill one', '--wait'], { FFMILL_URL: farm.url });
    await drained.said('1 task to finish');
    expect((await ffmill('resume', 'mill one')).code).toBe(0);
    const { code, stderr } = await drained.endsWithin(40_000);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('(wrong_state)') });
    expect((await ffmill('forget', 'mill one')).stderr).toContain('drain it first (wrong_state)');
    await farm.cancel(job);
    await farm.reaches(job, 'canceled');
  }, 120_000);

  test('one that has ended can be forgotten, by name or by id', async () => {
    const gone = await farm.startWorker('gone');
    await eventually(async () => expect((await list()).map(({ name }) => name)).toContain('gone'), 40_000);
    gone.kill('SIGINT');
    await eventually(async () => expect((await list()).find(({ name }) => name === 'gone')?.status).toBe('offline'));
    expect(await ffmill('forget', 'gone')).toMatchObject({ code: 0, stdout: 'gone is forgotten\n' });
    expect((await list()).map(({ name }) => name)).toEqual(['mill one']);
    const { code, stderr } = await ffmill('forget', 'gone');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'ffmill: there is no worker "gone": there are "mill one" (unknown_worker)\n',
    });
  }, 120_000);

  test.each([
    { args: ['fire', 'mill one'], says: '"fire" is none of drain, resume, forget.' },
    { args: ['drain'], says: 'NAME is missing.' },
    { args: ['resume', 'mill one', '--wait'], says: '--wait goes with drain.' },
    { args: ['--wait'], says: '--wait goes with drain.' },
  ])('$args is a usage error', async ({ args, says }) => {
    const { code, stdout, stderr } = await ffmill(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`ffmill: ${says}\nUsage: ffmill workers`);
  });
});
