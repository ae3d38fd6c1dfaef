import { beforeEach, expect, test } from 'vitest';
import type { JobId } from '../../../shared/job/ids.ts';
import type { WhyView } from '../../../shared/wire/jobs.ts';
import type { WorkerView } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { standIn } from '../../support/ffmpeg-fixtures.ts';
import { RealFarm } from '../../support/real-farm.ts';
import { makeTestClip } from '../../support/test-clip.ts';

let farm: RealFarm;
beforeEach(async () => {
  farm = await RealFarm.start();
  makeTestClip(farm.path('in.mp4'), { seconds: 8 });
});

type Proved = WorkerView & { readonly capabilities: { encoders: Record<string, number>; decoders?: string[] } };
const HIGH = 'cuda:h264/High/yuv420p';
const worker = async () => (await farm.get<{ workers: Proved[] }>('/v1/workers')).workers[0];

async function startWorkerWith(ffmpeg: string, env: Record<string, string> = {}): Promise<void> {
  await farm.startWorker('gpu', { env: { FFMILL_FFMPEG: standIn(ffmpeg), ...env } });
  await eventually(async () => expect((await worker())?.capabilities.encoders).toHaveProperty('h264_nvenc'), 20_000);
}

const submit = () =>
  farm.submit({
    ...{ input: farm.path('in.mp4'), output: farm.path('out.mp4'), hardware: 'prefer' },
    segment: { mode: 'fixed', seconds: 2 },
  });
const eventsOf = async (id: string) => {
  const rows = await farm.store.db
    .selectFrom('events')
    .selectAll()
    .where('job_id', '=', id as JobId)
    .orderBy('seq')
    .execute();
  return rows.map(({ event, data }) => ({ event, data }));
};

test('a job that prefers hardware is encoded by it, in slots of its own', async () => {
  await startWorkerWith('ffmpeg-with-a-gpu', { FFMILL_SLOTS_NVENC: '1' });
  expect(await worker()).toMatchObject({ pools: { cpu: 2, nvenc: 1 } });
  await eventually(async () => expect((await worker())?.capabilities.decoders).toContain(HIGH), 90_000);
  const id = await submit();
  await farm.reaches(id, 'completed');
  const segments = await farm.tasks(id, 'segment');
  expect(segments.length).toBeGreaterThan(2);
  for (const { class: name, attempts } of segments) {
    expect(name).toMatch(/^h264_nvenc@/);
    expect(attempts[0]?.command).toContain('-hwaccel cuda ');
    expect(attempts[0]?.command).toContain('-c:v h264_nvenc -preset:v p4 -profile:v high -rc:v vbr -cq:v 21 -b:v 0 ');
  }
  const runs = segments
    .flatMap(({ attempts }) => attempts)
    .map(({ started_at, metrics }) => ({ from: Date.parse(started_at), ...(metrics as { seconds: number }) }))
    .sort((a, b) => a.from - b.from);
  // One slot: each is claimed when the one before has been encoded, by clocks that may differ by a little.
  for (const [index, { from }] of runs.slice(1).entries())
    expect(from - (runs[index]?.from ?? 0)).toBeGreaterThan((runs[index]?.seconds ?? 0) * 1000 - 50);
});

test('without a setting the proof finds how many encodes the device takes', async () => {
  await startWorkerWith('ffmpeg-with-a-gpu');
  await eventually(async () => expect(await worker()).toMatchObject({ pools: { cpu: 2, nvenc: 2 } }));
});

test('when the device fails, software makes the whole file, without a retry, and the worker offers it no more', async () => {
  await startWorkerWith('ffmpeg-with-a-gpu-that-fails');
  const id = await submit();
  await eventually(async () => expect((await worker())?.capabilities.encoders).not.toHaveProperty('h264_nvenc'));
  expect(await worker()).not.toMatchObject({ pools: { nvenc: expect.anything() } });
  await farm.reaches(id, 'completed');
  const tasks = await farm.tasks(id);
  const made = tasks.filter(({ ordinal }) => ordinal >= 0);
  expect([...new Set(made.map((task) => `${task.kind} ${task.state} ${task.failures}`))].sort()).toEqual([
    'assemble completed 0',
    'audio completed 0',
    'probe completed 0',
    'segment completed 0',
  ]);
  for (const task of made.filter(({ kind }) => kind === 'segment')) expect(task.class).toMatch(/^libx264@/);
  const failed = tasks.filter(({ state }) => state === 'failed');
  expect(failed.map(({ error }) => error)).toEqual([
    expect.objectContaining({
      code: 'hardware_failed',
      message: expect.stringContaining('h264_nvenc: OpenEncodeSessionEx failed: out of memory (10)'),
    }),
  ]);
  const { reason } = await farm.get<WhyView>(`/v1/jobs/${id}/why`);
  expect(reason).toContain(
    'It was planned again: hardware failed, and software makes the whole file: h264_nvenc: Open',
  );
  const told = (await eventsOf(id)).filter(({ event }) => event === 'task.failed' || event === 'task.canceled');
  expect(told.map(({ data }) => data).join()).toContain('hardware failed, and software makes the whole file');
});

test('an encoder that failed is offered again when a test encode has worked', async () => {
  await startWorkerWith('ffmpeg-with-a-gpu-that-fails');
  await submit();
  await eventually(async () => expect((await worker())?.capabilities.encoders).not.toHaveProperty('h264_nvenc'));
  await eventually(async () => expect((await worker())?.capabilities.encoders).toHaveProperty('h264_nvenc'), 20_000);
});
