import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runTaskKind } from '../../services/worker/tasks/run-task-kind.ts';
import { ENCODER_NAMES } from '../../shared/job/codecs.ts';
import type { SegmentPolicy } from '../../shared/job/job.ts';
import { planEncode } from '../../shared/job/plan/plan-encode.ts';
import { planProbe } from '../../shared/job/plan/plan-probe.ts';
import type { Plan } from '../../shared/job/plan/planned-task.ts';
import type { ProbeResult } from '../../shared/job/task-result.ts';
import { clip } from './support/clips.ts';
import { ffmpeg, ffprobe } from './support/ffmpeg.ts';
import { videoFrames } from './support/frames.ts';
import { outputFolder } from './support/output-folder.ts';
import { requestOf, runJob, taskContext } from './support/run-job.ts';

const CUT = { mode: 'fixed', seconds: 2 } as const;
const DURATION = Buffer.from([0x44, 0x89, 0x88]);
const DEFAULT_DURATION = Buffer.from([0x23, 0xe3, 0x83, 0x84]);

/** A Matroska file, of 12.5 s at 24000/1001 unless it is given, whose header says something else. */
async function lying(folder: string, lie: (bytes: Buffer) => void, honest?: string): Promise<string> {
  const bytes = await readFile(honest ?? (await clip('h264-film.mkv')));
  lie(bytes);
  const path = join(folder, 'lying.mkv');
  await writeFile(path, bytes);
  return path;
}

/** The length in the header and the tags of the streams, which is `was` seconds. */
function sayDuration(bytes: Buffer, seconds: number, was = 12): void {
  bytes.writeDoubleBE(seconds * 1000, bytes.indexOf(DURATION) + DURATION.length);
  const tag = `00:00:${String(seconds).padStart(2, '0')}.000000000`;
  const former = `00:00:${was}.`;
  for (let at = bytes.indexOf(former); at >= 0; at = bytes.indexOf(former, at + 1)) bytes.write(tag, at);
}

describe('a header that lies', () => {
  it('about the length, which is more, loses no frame', async () => {
    const folder = await outputFolder();
    const input = await lying(folder, (bytes) => sayDuration(bytes, 7));
    const { plan, path } = await runJob({ input, output: join(folder, 'o.mkv'), profile: 'lossless', segment: CUT });
    expect(plan.unsplitReason).toBeNull();
    expect(await videoFrames(path)).toEqual(await videoFrames(await clip('h264-film.mkv')));
  });

  it('about the length, which is less, is called damaged', async () => {
    const folder = await outputFolder();
    const input = await lying(folder, (bytes) => sayDuration(bytes, 40));
    const job = { input, output: join(folder, 'o.mkv'), profile: 'lossless' };
    for (const segment of [CUT, { mode: 'off' } as const])
      await expect(runJob({ ...job, segment })).rejects.toMatchObject({ code: 'input_corrupt' });
  });

  it('about the length, which is less, is called damaged in MPEG-TS though pictures move its beginning', async () => {
    const folder = await outputFolder();
    const honest = join(folder, 'honest.mkv');
    const slides = ['-vf', String.raw`select=eq(n\,0)+eq(n\,125)+gte(n\,250)`, '-fps_mode', 'passthrough'];
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=64x64:r=25:d=24', ...slides, '-c:v', 'libx264', honest);
    const job = { profile: 'h264', segment: { mode: 'off' } } as const;
    await runJob({ ...job, input: honest, output: join(folder, 'honest.ts') });
    const input = await lying(folder, (bytes) => sayDuration(bytes, 30, 24), honest);
    const lost = runJob({ ...job, input, output: join(folder, 'lying.ts') });
    await expect(lost).rejects.toMatchObject({ code: 'input_corrupt' });
  });

  it('about the frame rate changes no frame and no time', async () => {
    const folder = await outputFolder();
    const input = await lying(folder, (bytes) => {
      bytes.writeUInt32BE(100_000_000, bytes.indexOf(DEFAULT_DURATION) + DEFAULT_DURATION.length);
    });
    const { path } = await runJob({ input, output: join(folder, 'o.mkv'), profile: 'lossless', segment: CUT });
    expect(await videoFrames(path)).toEqual(await videoFrames(await clip('h264-film.mkv')));
  });
});

async function planOf(input: string, segment: SegmentPolicy): Promise<Plan> {
  const request = requestOf({ input, output: '/o.mp4', profile: 'h264', segment });
  const scratch = await outputFolder();
  const { spec } = planProbe({ jobId: 'j', request: { ...request, output: join(scratch, 'o.mp4') }, slots: 4 });
  const probe = (await runTaskKind(taskContext({ jobId: 'j', ordinal: 0, scratch }), spec)) as ProbeResult;
  const { target } = spec;
  return planEncode({
    ...{ jobId: 'j', request, probe, provedEncoders: ENCODER_NAMES, slots: 4, whole: null, target },
    scratch: spec.scratch,
  });
}

describe('the plan stays small', () => {
  it('for 10,000 keyframes', async () => {
    const input = join(await outputFolder(), 'intra.mkv');
    const tiny = ['-f', 'lavfi', '-i', 'color=s=32x32:r=25:d=400', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await ffmpeg(...tiny, '-g', '1', input);
    const { tasks, unsplitReason } = await planOf(input, { mode: 'auto' });
    expect(unsplitReason).toBeNull();
    expect(tasks.length).toBeLessThan(30);
    expect(JSON.stringify(tasks).length).toBeLessThan(50_000);
  });

  it('for one keyframe in two hours: the file is not cut, and the plan says why', async () => {
    const input = join(await outputFolder(), 'one.mkv');
    const tiny = ['-f', 'lavfi', '-i', 'color=s=32x32:r=1:d=7200', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await ffmpeg(...tiny, '-g', '99999', '-x264-params', 'keyint=infinite:scenecut=0', input);
    const { tasks, unsplitReason } = await planOf(input, { mode: 'auto' });
    expect(unsplitReason).toBe('no keyframes to cut at');
    expect(tasks.map(({ kind }) => kind)).toEqual(['transcode']);
  });
});

it('sound that starts two hours late does so in the result, cut or whole', async () => {
  const folder = await outputFolder();
  const input = join(folder, 'late.mkv');
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=64x36:r=25:d=6'];
  const sound = ['-itsoffset', '7200', '-f', 'lavfi', '-i', 'sine=d=2'];
  await ffmpeg(...picture, ...sound, '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'ac3', input);
  for (const segment of [CUT, { mode: 'auto' } as const, { mode: 'off' } as const]) {
    const job = { input, output: join(folder, 'o.mkv'), profile: 'h264', encode: { preset: 'ultrafast' } };
    const { path, file } = await runJob({ ...job, segment });
    const first = ['-read_intervals', '%+#1', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
    expect(Number(await ffprobe('-select_streams', 'a:0', ...first, path))).toBeCloseTo(7200, 0);
    expect(file.verification.frames).toBe(150);
  }
});

it('64 streams are all there', async () => {
  const folder = await outputFolder();
  const input = join(folder, 'many.mkv');
  const maps = Array.from({ length: 63 }, () => ['-map', '1:a']).flat();
  const sources = ['-f', 'lavfi', '-i', 'testsrc2=s=64x36:r=25:d=4', '-f', 'lavfi', '-i', 'sine=d=4:r=8000'];
  await ffmpeg(...sources, '-map', '0:v', ...maps, '-c:v', 'libx264', '-g', '25', '-c:a', 'pcm_s16le', input);
  const { file, plan } = await runJob({ input, output: join(folder, 'o.mkv'), profile: 'lossless', segment: CUT });
  expect(plan.unsplitReason).toBeNull();
  expect(file.verification.streams).toBe(64);
});

/** Two recordings of three seconds in one FLV, whose clock begins again in the middle. */
async function twoInOne(folder: string): Promise<string> {
  const [one, both] = [join(folder, 'one.flv'), join(folder, 'both.flv')];
  const sources = ['-f', 'lavfi', '-i', 'testsrc2=size=128x72:rate=25', '-f', 'lavfi', '-i', 'sine'];
  await ffmpeg(...sources, '-t', '3', '-c:v', 'libx264', '-g', '25', '-c:a', 'aac', one);
  const bytes = await readFile(one);
  await writeFile(both, Buffer.concat([bytes, bytes.subarray(FLV_HEADER_BYTES)]));
  return both;
}

const FLV_HEADER_BYTES = 13;

describe.each(['aac', 'copy'] as const)('a picture whose clock goes back, with sound as %s', (codec) => {
  it.each(['fixed', 'off'] as const)('is refused and never published shorter, segments: %s', async (mode) => {
    const folder = await outputFolder();
    const input = await twoInOne(folder);
    const segment = mode === 'off' ? { mode } : ({ mode, seconds: 1 } as const);
    const job = { input, output: join(folder, 'out.mkv'), profile: 'h264', segment };
    const made = runJob({ ...job, encode: { preset: 'ultrafast', audio_codec: codec } });
    await expect(made).rejects.toMatchObject({
      code: 'input_corrupt',
      message: expect.stringContaining('the times of the picture do not rise'),
    });
  });
});
