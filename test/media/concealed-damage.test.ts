import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { EncodeOptions } from '../../shared/job/profile.ts';
import { forgetClusterLength, makeHole, overwritePackets } from '../support/damage.ts';
import { type ClipName, clip } from './support/clips.ts';
import { videoFrames } from './support/frames.ts';
import { outputFolder } from './support/output-folder.ts';
import { runJob } from './support/run-job.ts';

const PICTURE = { stream: 'v:0', from: 5, to: 5.4 };
const SOUND = { stream: 'a:0', from: 7, to: 7.3 };
const CUT = { mode: 'fixed', seconds: 2 } as const;
const WHOLE = { mode: 'off' } as const;
const FAST: Partial<EncodeOptions> = { preset: 'ultrafast' };

async function damagedClip(
  name: ClipName,
  ...damage: Parameters<typeof overwritePackets>[1][]
): Promise<{ input: string; output: string }> {
  const folder = await outputFolder();
  const input = join(folder, `in${extname(name)}`);
  await copyFile(await clip(name), input);
  for (const packets of damage) await overwritePackets(input, packets);
  return { input, output: join(folder, 'out.mkv') };
}

describe('damage in the middle ends the job, and the error says where it is', () => {
  it.each([
    ['the picture, cut', PICTURE, CUT, 'lossless', 'stream 0, the picture, at 5.'],
    ['the picture, whole', PICTURE, WHOLE, 'h264', 'stream 0, the picture, at 5.'],
    ['the picture beside sound that is copied', PICTURE, WHOLE, 'lossless', 'stream 0, the picture, at 5.'],
    ['the sound, cut', SOUND, CUT, 'h264', 'stream 1, the sound, at 7.'],
    ['the sound, whole', SOUND, WHOLE, 'h264', 'stream 1, the sound, at '],
  ] as const)('%s', async (_what, damage, segment, profile, where) => {
    const job = await damagedClip('h264-mp4.mp4', damage);
    const failed = runJob({ ...job, profile, encode: FAST, segment });
    await expect(failed).rejects.toMatchObject({ code: 'input_corrupt', message: expect.stringContaining(where) });
  });
});

describe('concealed damage is what one FFmpeg process makes of it', () => {
  it.each([
    ['h264-mp4.mp4', 0.25],
    ['h264-open-gop.mkv', 0.25],
    ['hevc.mp4', 0], // of a slice whose header is good FFmpeg decodes whatever there is, and says nothing
    ['mpeg2.mkv', 0.25],
    ['av1.mkv', 0.25],
  ] as const)('%s', async (name, kept) => {
    const job = {
      ...(await damagedClip(name, { ...PICTURE, kept })),
      profile: 'lossless',
      onError: 'conceal',
    } as const;
    const { path, file } = await asTheFarm({ ...job, segment: CUT });
    const made = await videoFrames(path);
    const whole = await videoFrames((await runJob({ ...job, segment: WHOLE })).path);
    const different = made.filter(
      ({ hash, seconds }, index) => hash !== whole[index]?.hash || seconds !== whole[index].seconds,
    );
    expect(different.map(({ seconds }) => seconds)).toEqual([]);
    expect(made.length).toBe(whole.length);
    const [first] = file.verification.damage;
    expect(first).toMatchObject({ type: 'video', stream: 0 });
    expect(first?.from_seconds).toBeGreaterThan(4.8);
    expect(first?.to_seconds).toBeLessThan(6);
  });
});

describe('a hole that FFmpeg skips is noticed, far as it is behind the keyframe', () => {
  const ZEROS = { from: 7, bytes: 600, value: 0 };

  it.each([
    { segment: CUT, value: 0 },
    { segment: WHOLE, value: 0 },
    { segment: CUT, value: 0xff },
    { segment: WHOLE, value: 0xff },
  ])('and ends the job (segments: $segment.mode, filled with $value)', async ({ segment, value }) => {
    const job = await damagedClip('h264-long-gop.mkv');
    await makeHole(job.input, { ...ZEROS, value });
    await expect(runJob({ ...job, profile: 'h264', encode: FAST, segment })).rejects.toMatchObject({
      code: 'input_corrupt',
      message: expect.stringMatching(/stream 0, the picture, at [67]\./),
    });
  });

  it.each([CUT, WHOLE])('or is told of (segments: $mode)', async (segment) => {
    const job = await damagedClip('h264-long-gop.mkv');
    await makeHole(job.input, ZEROS);
    const { file } = await runJob({ ...job, profile: 'h264', encode: FAST, onError: 'conceal', segment });
    const [first] = file.verification.damage;
    expect(first).toMatchObject({ type: 'video', stream: 0 });
    expect(first?.from_seconds).toBeCloseTo(7, 0);
  });
});

it.each([
  { segment: CUT, profile: 'h264' },
  { segment: WHOLE, profile: 'h264' },
  { segment: WHOLE, profile: 'copy' },
])('clusters of unknown length are no damage (segments: $segment.mode, $profile)', async ({ segment, profile }) => {
  const job = await damagedClip('h264-long-gop.mkv');
  await forgetClusterLength(job.input);
  const { file } = await runJob({ ...job, profile, ...(profile === 'h264' && { encode: FAST }), segment });
  expect(file.verification.damage).toEqual([]);
});

it('a hole is not copied', async () => {
  const job = await damagedClip('h264-long-gop.mkv');
  await makeHole(job.input, { from: 7, bytes: 600, value: 0 });
  const copied = runJob({ ...job, profile: 'copy', segment: WHOLE });
  await expect(copied).rejects.toMatchObject({ code: 'input_corrupt' });
});

/** Where the segments do not fit the farm starts over in one process. */
async function asTheFarm(job: Parameters<typeof runJob>[0]): ReturnType<typeof runJob> {
  return await runJob(job).catch(async (error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'join_mismatch') throw error;
    return await runJob({ ...job, segment: WHOLE });
  });
}

it('picture and sound, cut or whole, are both told of, each with its place', async () => {
  const job = await damagedClip('h264-mp4.mp4', PICTURE, SOUND);
  for (const segment of [CUT, WHOLE]) {
    const { file } = await runJob({ ...job, profile: 'h264', encode: FAST, onError: 'conceal', segment });
    const { damage } = file.verification;
    expect(damage.map(({ type }) => type)).toEqual(['video', 'audio']);
    expect(damage[0]?.from_seconds).toBeCloseTo(5, 0);
    expect(damage[1]?.from_seconds).toBeCloseTo(7, 0);
  }
});

it('an end that is missing is told of', async () => {
  const job = await damagedClip('h264-film.mkv');
  const bytes = await readFile(job.input);
  await writeFile(job.input, bytes.subarray(0, Math.floor((bytes.length * 2) / 3)));
  const { file } = await runJob({ ...job, profile: 'h264', encode: FAST, onError: 'conceal', segment: WHOLE });
  const end = file.verification.damage.find(({ stream }) => stream === null);
  expect(end?.from_seconds).toBeCloseTo(8, -1);
  expect(end?.to_seconds).toBeCloseTo(12.5, 0);
});

it('a good file gives the same with conceal as without', async () => {
  const job = await damagedClip('h264-mp4.mp4');
  const { file } = await runJob({ ...job, profile: 'lossless', onError: 'conceal', segment: CUT });
  expect(file.verification.damage).toEqual([]);
});
