import { describe, expect, it } from 'vitest';
import type { EncodeOptions } from '../../shared/job/profile.ts';
import { type ClipName, clip } from './support/clips.ts';
import { decodingErrors } from './support/ffmpeg.ts';
import { audioPackets, countDifferent, largestShift, videoFrames } from './support/frames.ts';
import { outputFolder } from './support/output-folder.ts';
import { runJob } from './support/run-job.ts';

/** Matroska counts milliseconds: a time stamp of another clock is rounded to the nearest. */
const ROUNDING_SECONDS = { mp4: 1e-6, mov: 1e-6, mkv: 0.000_501, webm: 0.000_501 } as const;
type Extension = keyof typeof ROUNDING_SECONDS;

// What becomes of every kind of source is the matrix's (matrix.test.ts); here are the encoders, and the zero of time.

const FIXED = { mode: 'fixed', seconds: 2 } as const;

/** Encodes a clip twice: cut, and in one process. */
async function both(name: ClipName, extension: Extension, profile: string, encode: Partial<EncodeOptions> = {}) {
  const input = await clip(name);
  const folder = await outputFolder();
  const job = { input, profile, encode };
  const split = await runJob({ ...job, output: `${folder}/split.${extension}`, segment: FIXED });
  const whole = await runJob({ ...job, output: `${folder}/whole.${extension}`, segment: { mode: 'off' } });
  return { input, split, whole };
}

describe('a lossless job of several segments', () => {
  it.each<readonly [ClipName, Extension]>([
    ['h264-mp4.mp4', 'mp4'],
    ['h264-mp4.mp4', 'mkv'],
    ['h264-film.mkv', 'mkv'],
    ['h264-film.mkv', 'mp4'],
    ['hevc.mp4', 'mp4'],
    ['h264-vfr.mkv', 'mkv'],
  ])('%s to %s keeps every time stamp of the source, with an offset of zero', async (name, extension) => {
    const input = await clip(name);
    const output = `${await outputFolder()}/out.${extension}`;
    const { path } = await runJob({ input, output, profile: 'lossless', segment: FIXED });
    const [made, source] = await Promise.all([videoFrames(path), videoFrames(input)]);
    expect(largestShift(made, source)).toBeLessThan(ROUNDING_SECONDS[extension]);
  });
});

const VP9 = { video_codec: 'vp9', preset: '8', crf: 40, audio_codec: 'opus', audio_bitrate: 96_000 } as const;
const MPEG2 = { video_codec: 'mpeg2', preset: null, crf: 4 } as const;

describe('a job of several segments in an ordinary profile', () => {
  it.each<readonly [ClipName, Extension, string, Partial<EncodeOptions>]>([
    ['h264-ntsc.mp4', 'mp4', 'h264', { preset: 'ultrafast' }],
    ['h264-open-gop.mkv', 'mkv', 'h264', { preset: 'ultrafast' }],
    ['edit-list.mp4', 'mkv', 'h264', { preset: 'ultrafast' }],
    ['mpeg2.ts', 'mkv', 'h264', { preset: 'ultrafast', width: 128, height: 128 }],
    ['h264-mp4.mp4', 'mp4', 'hevc', { preset: 'ultrafast' }],
    ['late-start.mkv', 'mkv', 'av1', { preset: '12' }],
    ['h264-mp4.mp4', 'webm', 'h264', VP9],
    ['vp9.webm', 'webm', 'h264', VP9],
    ['h264-mp4.mp4', 'mkv', 'h264', MPEG2],
  ])('%s to %s as %s has the frame times and the sound of one process', async (name, extension, profile, encode) => {
    const { split, whole } = await both(name, extension, profile, encode);
    expect(split.plan.unsplitReason).toBe(null);
    const [made, one] = await Promise.all([videoFrames(split.path), videoFrames(whole.path)]);
    expect(made.length).toBe(one.length);
    expect(largestShift(made, one)).toBeLessThan(1e-6);
    const [sound, oneSound] = await Promise.all([audioPackets(split.path), audioPackets(whole.path)]);
    expect(countDifferent(sound, oneSound)).toBe(0);
    expect(sound.length).toBe(oneSound.length);
    expect(largestShift(sound, oneSound)).toBeLessThanOrEqual(0.001);
    expect(await decodingErrors(split.path)).toBe('');
  });
});
