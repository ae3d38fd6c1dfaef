import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyDecoding } from '../../services/worker/ffmpeg/verify-decoding.ts';
import { verifyLikeness } from '../../services/worker/ffmpeg/verify-likeness.ts';
import { makeSource } from './matrix/make-source.ts';
import { type Source, source } from './matrix/source.ts';
import { clip } from './support/clips.ts';
import { ffmpeg } from './support/ffmpeg.ts';
import { outputFolder } from './support/output-folder.ts';
import { runJob } from './support/run-job.ts';

const FAST = { preset: 'ultrafast' } as const;
const FIXED = { mode: 'fixed', seconds: 2 } as const;
const ONE_SECOND = { mode: 'fixed', seconds: 1 } as const;

describe('the full verification', () => {
  it('decodes everything and compares the picture, scaled and cut, with the source', async () => {
    const output = join(await outputFolder(), 'out.mkv');
    const encode = { ...FAST, width: 96, height: 96 };
    const job = { input: await clip('late-start.mkv'), output, profile: 'h264', encode, segment: FIXED };
    const { verification } = (await runJob({ ...job, verify: 'full' })).file;
    expect(verification.ssim).toBeGreaterThan(0.9);
    expect(verification.checks).toContain('video and audio: all of it decoded without a message');
  });

  it.each([
    ['an edit list hides some, cut', source({ codec: 'av1', after: 'edit-list' }), ONE_SECOND],
    ['an edit list hides some', source({ codec: 'av1', after: 'edit-list' }), { mode: 'off' }],
    ['two are of one moment', source({ container: 'mkv', codec: 'mpeg2', gop: 'intra', after: 'twice' }), ONE_SECOND],
  ] as const)('compares with the frames that are shown where %s', async (_, recipe, segment) => {
    const output = join(await outputFolder(), 'out.mkv');
    const input = await makeSource(recipe);
    const { file } = await runJob({ input, output, profile: 'h264', encode: FAST, segment, verify: 'full' });
    expect(file.verification.ssim).toBeGreaterThan(0.97);
  });

  it('refuses the picture of another moment', async () => {
    const folder = await outputFolder();
    const input = await clip('h264-mp4.mp4');
    const { plan } = await runJob({
      input,
      output: join(folder, 'out.mp4'),
      profile: 'h264',
      encode: FAST,
      segment: FIXED,
    });
    const [task] = plan.tasks;
    if (task?.kind !== 'segment') throw new Error('nothing was cut');
    const wrong = join(folder, 'wrong.mp4');
    await ffmpeg('-i', input, '-an', '-vf', 'negate,hflip', ...['-c:v', 'libx264', '-preset', 'ultrafast'], wrong);
    const comparison = {
      ...{
        binaries: { ffmpeg: '/usr/bin/ffmpeg' },
        path: wrong,
        source: { path: input, streamIndex: 0, firstShown: null },
      },
      ...{ settings: task.spec.settings, frames: 313, signal: new AbortController().signal },
    };
    await expect(verifyLikeness(comparison)).rejects.toMatchObject({ code: 'verification_failed' });
    expect(await verifyLikeness({ ...comparison, path: input })).toBe(1);
  });
});

it('a result that does not decode without a message is refused', async () => {
  const folder = await outputFolder();
  const damaged = join(folder, 'damaged.mkv');
  await ffmpeg('-i', await clip('h264-film.mkv'), '-map', '0:v', '-c', 'copy', '-bsf:v', 'noise=amount=200', damaged);
  const decoding = {
    ...{ binaries: { ffmpeg: '/usr/bin/ffmpeg' }, path: damaged, types: ['video'] as const },
    ...{ signal: new AbortController().signal, stallMs: 60_000, threads: 1 },
  };
  await expect(verifyDecoding(decoding, 'all of it')).rejects.toMatchObject({ code: 'verification_failed' });
  await verifyDecoding({ ...decoding, path: await clip('h264-film.mkv') }, 'all of it');
});

describe('a job that is not cut', () => {
  it.each([
    ['out.ts', 'h264', FAST, 'the container cannot be joined'],
    ['out.mkv', 'copy', {}, 'packets are copied'],
    ['out.mp3', 'audio', { audio_codec: 'mp3' }, 'sound only'],
    ['out.m4a', 'audio', {}, 'sound only'],
    ['out.opus', 'audio', { audio_codec: 'opus' }, 'sound only'],
    ['out.flac', 'audio', { audio_codec: 'flac', audio_bitrate: null }, 'sound only'],
  ] as const)('makes %s with the profile %s', async (name, profile, encode, reason) => {
    const output = join(await outputFolder(), name);
    const { plan, file } = await runJob({ input: await clip('h264-ntsc.mp4'), output, profile, encode });
    expect(plan.unsplitReason).toBe(reason);
    expect(file.verification.duration_seconds).toBeGreaterThan(12.4);
    expect(file.verification.duration_seconds).toBeLessThan(12.7);
  });
});

describe('sound alone that begins after the picture it had', () => {
  const SOUND: Source['audio'] = [{ codec: 'mp3', late: 1.25 }];

  it.each([
    ['ts', 'out.m4a', 'aac'],
    ['ts', 'out.mp3', 'mp3'],
    ['ts', 'out.flac', 'flac'],
    ['mkv', 'out.m4a', 'aac'],
    ['mkv', 'out.flac', 'flac'],
    ['mp4', 'out.mp3', 'mp3'],
    ['mp4', 'out.opus', 'opus'],
  ] as const)('goes from %s to %s', async (container, name, codec) => {
    const output = join(await outputFolder(), name);
    const input = await makeSource(source({ container, audio: SOUND }));
    const encode = { audio_codec: codec, ...(codec === 'flac' && { audio_bitrate: null }) };
    const { file } = await runJob({ input, output, profile: 'audio', encode });
    expect(file.verification.checks.join()).toMatch(/duration \d/);
  });
});

it('a job that is canceled leaves no file behind, wherever it was', async () => {
  const folder = await outputFolder();
  const job = {
    input: await clip('h264-mp4.mp4'),
    output: join(folder, 'out.mp4'),
    profile: 'h264',
    encode: { preset: 'placebo' },
  };
  for (const segment of [FIXED, { mode: 'off' } as const]) {
    const cancel = new AbortController();
    const afterProbe = async () => void setImmediate(() => cancel.abort(new Error('canceled')));
    await expect(runJob({ ...job, segment, signal: cancel.signal, afterProbe })).rejects.toThrow('canceled');
    expect(await readdir(folder)).toEqual([]);
  }
});
