import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { TaskView } from '../../../shared/wire/jobs.ts';
import type { WorkerView } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { ffmpegProcesses } from '../../support/ffmpeg-processes.ts';
import { LEASE_MS, RealFarm, type WorkerProcess } from '../../support/real-farm.ts';
import { countFrames, makeTestClip } from '../../support/test-clip.ts';

const SECONDS = 4;

/** A worker in the middle of the one encode of a job. */
async function workerAtWork(env: Record<string, string>, preset = 'placebo') {
  const farm = await RealFarm.start();
  makeTestClip(farm.path('in.mp4'), { seconds: SECONDS, size: '960x540' });
  const worker = await farm.startWorker('a', { env });
  const job = await farm.submit({
    input: farm.path('in.mp4'),
    output: farm.path('out.mp4'),
    preset,
    segment: { mode: 'off' },
  });
  await eventually(async () => {
    expect((await encode(farm, job))?.state).toBe('running');
    expect(ffmpegProcesses(farm.folder)).not.toEqual([]);
  }, 40_000);
  return { farm, worker, job };
}

async function encode(farm: RealFarm, job: string): Promise<TaskView | undefined> {
  return (await farm.tasks(job, 'transcode'))[0];
}

async function statusOf(farm: RealFarm, { name }: WorkerProcess): Promise<WorkerView['status'] | undefined> {
  const { workers } = await farm.get<{ workers: WorkerView[] }>('/v1/workers');
  return workers.find((worker) => worker.name === name)?.status;
}

async function exitCode({ child }: WorkerProcess, withinMs = 10_000): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null)
    await once(child, 'exit', { signal: AbortSignal.timeout(withinMs) });
  return child.exitCode;
}

/** The task went back uncounted, FFmpeg and its files are gone, and the farm knows that the worker is. */
async function expectGivenBack(farm: RealFarm, worker: WorkerProcess, job: string): Promise<void> {
  const task = await encode(farm, job);
  expect(task).toMatchObject({ state: 'pending', interruptions: 0, failures: 0, not_before: expect.anything() });
  expect(task?.attempts).toMatchObject([{ outcome: 'interrupted', error: { code: 'shutdown', fault: 'worker' } }]);
  expect(await statusOf(farm, worker)).toBe('offline');
  expect(ffmpegProcesses(farm.folder)).toEqual([]);
  expect((await farm.names(farm.folder)).filter((name) => /^(out|\.ffmill)/.test(name))).toEqual([]);
  expect(await farm.names(farm.scratch)).toEqual([]);
}

test.each([
  { mode: 'immediate', signal: 'SIGTERM' },
  { mode: 'graceful', signal: 'SIGINT' },
  { mode: 'drain', signal: 'SIGHUP' },
] as const)(
  '$signal gives back at once what runs under FFMILL_SHUTDOWN=$mode',
  async ({ mode, signal }) => {
    const { farm, worker, job } = await workerAtWork({ FFMILL_SHUTDOWN: mode });
    worker.kill(signal);
    expect(await exitCode(worker)).toBe(0);
    await expectGivenBack(farm, worker, job);
  },
  60_000,
);

test('what is given back runs elsewhere at once, long before the lease would have run out', async () => {
  const { farm, worker, job } = await workerAtWork({ FFMILL_SHUTDOWN: 'immediate' });
  await farm.startWorker('b');
  await eventually(async () => {
    const { workers } = await farm.get<{ workers: WorkerView[] }>('/v1/workers');
    expect(workers.find(({ name }) => name === 'b')?.capabilities).toHaveProperty('encoders.libx264');
  }, 40_000);
  worker.kill('SIGTERM');
  expect(await exitCode(worker)).toBe(0);
  await eventually(async () => expect((await encode(farm, job))?.attempts).toHaveLength(2), LEASE_MS / 2);
  const [first, second] = (await encode(farm, job))?.attempts ?? [];
  expect(first).toMatchObject({ worker_name: 'a', outcome: 'interrupted' });
  expect(second).toMatchObject({ worker_name: 'b', outcome: null });
  expect(Date.parse(second?.started_at ?? '') - Date.parse(first?.ended_at ?? '')).toBeLessThan(LEASE_MS / 2);
}, 120_000);

test.each(['graceful', 'drain'])(
  'SIGTERM lets what runs be finished under FFMILL_SHUTDOWN=%s, and takes nothing new',
  async (mode) => {
    const { farm, worker, job } = await workerAtWork({ FFMILL_SHUTDOWN: mode }, 'veryslow');
    worker.kill('SIGTERM');
    await eventually(async () => expect(await statusOf(farm, worker)).toBe('draining'));
    const next = await farm.submit({ input: farm.path('in.mp4'), output: farm.path('next.mp4') });
    expect(await exitCode(worker, 50_000)).toBe(0);
    expect((await encode(farm, job))?.attempts).toMatchObject([{ outcome: 'done' }]);
    expect((await farm.job(job)).state).toBe('completed');
    expect(countFrames(farm.path('out.mp4'))).toBe(SECONDS * 25);
    expect((await farm.job(next)).state).toBe('pending');
    expect(await statusOf(farm, worker)).toBe('offline');
  },
  90_000,
);

test('a graceful end has a deadline: what is not finished then is given back', async () => {
  const { farm, worker, job } = await workerAtWork({ FFMILL_SHUTDOWN: 'graceful', FFMILL_DRAIN_GRACE_SECONDS: '1' });
  worker.kill('SIGTERM');
  await eventually(async () => expect(await statusOf(farm, worker)).toBe('draining'));
  expect(await exitCode(worker)).toBe(0);
  await expectGivenBack(farm, worker, job);
}, 120_000);

test('a drain has none', async () => {
  const env = { FFMILL_SHUTDOWN: 'drain', FFMILL_DRAIN_GRACE_SECONDS: '1' };
  const { farm, worker, job } = await workerAtWork(env, 'veryslow');
  worker.kill('SIGTERM');
  expect(await exitCode(worker, 50_000)).toBe(0);
  expect((await encode(farm, job))?.attempts).toMatchObject([{ outcome: 'done' }]);
}, 120_000);

test('a second signal gives back at once what the first let finish', async () => {
  const { farm, worker, job } = await workerAtWork({ FFMILL_SHUTDOWN: 'drain' });
  worker.kill('SIGTERM');
  await eventually(async () => expect(await statusOf(farm, worker)).toBe('draining'));
  worker.kill('SIGTERM');
  expect(await exitCode(worker)).toBe(0);
  await expectGivenBack(farm, worker, job);
}, 120_000);

test('a third signal ends the process where it stands, and FFmpeg with it', async () => {
  const { farm, worker } = await workerAtWork({ FFMILL_SHUTDOWN: 'drain' });
  worker.proxy.hooks = { onRequest: () => new Promise(() => {}) }; // no report is answered: the end would take its time
  worker.kill('SIGTERM');
  worker.kill('SIGINT');
  worker.kill('SIGHUP');
  await exitCode(worker, 1_500);
  expect(worker.child.signalCode).not.toBeNull();
  await eventually(() => expect(ffmpegProcesses(farm.folder)).toEqual([]), 1_000);
}, 120_000);

test('a worker that ended well is another life’s at once: its name is free, its journal not needed', async () => {
  const { farm, worker, job } = await workerAtWork({ FFMILL_SHUTDOWN: 'immediate' });
  worker.kill('SIGTERM');
  expect(await exitCode(worker)).toBe(0);
  await farm.startWorker('elsewhere', { env: { FFMILL_WORKER_NAME: 'a' } });
  // Refused, it would have ended instead of asking again.
  await eventually(async () => expect(await statusOf(farm, worker)).toBe('online'), 20_000);
  await eventually(async () => expect((await encode(farm, job))?.attempts).toHaveLength(2), 20_000);
}, 120_000);
