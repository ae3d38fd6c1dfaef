import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { playPackets } from '../../services/worker/ffmpeg/rate-buffer.ts';
import { readFrameTimes } from '../../services/worker/ffmpeg/read-frame-times.ts';
import type { EncodeOptions } from '../../shared/job/profile.ts';
import { clip } from './support/clips.ts';
import { decodingErrors, ffprobe } from './support/ffmpeg.ts';
import { outputFolder } from './support/output-folder.ts';
import { runJob } from './support/run-job.ts';

/** Six seconds each: moving pattern, one color, grain, nearly nothing. */
const SCENES = 4;
const SCENE_SECONDS = 6;

async function encodeScenes(encode: Partial<EncodeOptions>, extra: Partial<Parameters<typeof runJob>[0]> = {}) {
  const output = `${await outputFolder()}/out.mp4`;
  const run = await runJob({
    ...{
      input: await clip('easy-and-hard.mp4'),
      output,
      profile: 'h264',
      segment: { mode: 'fixed', seconds: SCENE_SECONDS },
    },
    encode: { preset: encode.video_codec === 'hevc' ? 'ultrafast' : 'veryfast', crf: null, ...encode },
    ...extra,
  });
  const signal = new AbortController().signal;
  const times = await readFrameTimes({ ffprobe: '/usr/bin/ffprobe', path: run.path, signal });
  return { ...run, times, ...(await bitsOfScenes(run.path)) };
}

/** Bits a second that each scene got, by presentation time, and those of the whole. */
async function bitsOfScenes(path: string): Promise<{ scenes: number[]; average: number }> {
  const lines = await ffprobe('-select_streams', 'v', '-show_entries', 'packet=pts_time,size', '-of', 'csv=p=0', path);
  const scenes = new Array<number>(SCENES).fill(0);
  for (const line of lines.trim().split('\n')) {
    const [seconds = 0, bytes = 0] = line.split(',').map(Number);
    const scene = Math.floor(seconds / SCENE_SECONDS + 1e-6);
    scenes[scene] = (scenes[scene] ?? 0) + (bytes * 8) / SCENE_SECONDS;
  }
  return { scenes, average: scenes.reduce((sum, rate) => sum + rate, 0) / SCENES };
}

/** What of the parameter sets differs: the joined file has those of the first segment. */
async function headersOf(paths: readonly string[]): Promise<string[]> {
  const ask = ['-select_streams', 'v', '-show_entries', 'stream=level,extradata_hash', '-show_data_hash', 'md5'];
  return [...new Set(await Promise.all(paths.map((path) => ffprobe(...ask, '-of', 'csv=p=0', path))))];
}

const off = (average: number, target: number) => Math.abs(average - target) / target;

describe('an average bit rate of a file that is cut', () => {
  it.each([
    ['libx264', 'h264', 80_000],
    ['libx264', 'h264', 200_000],
    ['libx265', 'hevc', 120_000],
  ] as const)('is met by %s as a whole, and hard scenes get more', async (_encoder, codec, target) => {
    const run = await encodeScenes({ video_codec: codec, video_bitrate: target });
    expect(run.plan.unsplitReason).toBe(null);
    expect(run.plan.tasks.filter(({ kind }) => kind === 'segment')).toHaveLength(SCENES);
    expect(off(run.average, target)).toBeLessThan(0.03);
    const [pattern = 0, color = 0, grain = 0, bars = 0] = run.scenes;
    expect(Math.min(pattern, grain)).toBeGreaterThan(5 * Math.max(color, bars));
    expect(grain).toBeGreaterThan(target);
    expect(await decodingErrors(run.path)).toBe('');
    expect(await headersOf(run.segmentPaths)).toHaveLength(1);
  });

  it('is met too when the statistics of the first pass were lost', async () => {
    const target = 150_000;
    const afterMeasure = async (scratch: string) => {
      const [job = ''] = await readdir(scratch);
      const names = (await readdir(join(scratch, job))).filter((name) => name.startsWith('pass-'));
      expect(names.length).toBeGreaterThanOrEqual(SCENES);
      await Promise.all(names.map((name) => rm(join(scratch, job, name))));
    };
    const run = await encodeScenes({ video_bitrate: target }, { afterMeasure });
    expect(off(run.average, target)).toBeLessThan(0.03);
  });
});

describe('a limit on the rate of a file that is cut', () => {
  const limit = { maxrate: 100_000, bufsize: 40_000 };

  it.each([
    ['an average bit rate', { video_bitrate: 44_000 }],
    ['a constant quality', { crf: 18 }],
    ['x265 and an average bit rate', { video_codec: 'hevc', video_bitrate: 44_000 }],
  ] as const)('is kept across the seams with %s', async (_what, encode) => {
    const run = await encodeScenes({ ...encode, ...limit });
    expect(run.plan.unsplitReason).toBe(null);
    expect(run.plan.tasks.filter(({ kind }) => kind === 'segment')).toHaveLength(SCENES);
    const played = playPackets(run.times, limit, 0.9 * limit.bufsize);
    expect(played.lowest).toBeGreaterThanOrEqual(0);
    expect(await headersOf(run.segmentPaths)).toHaveLength(1);
    expect(run.file.verification.checks).toContain('the rate stays within its limit');
    if ('video_bitrate' in encode) expect(off(run.average, encode.video_bitrate)).toBeLessThan(0.03);
    // Else nothing was limited, and nothing shown
    const free = await encodeScenes(encode);
    expect(playPackets(free.times, limit, 0.9 * limit.bufsize).lowest).toBeLessThan(0);
  });
});
