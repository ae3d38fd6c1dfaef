import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inputOptions, STRICT_DECODING } from '../../../../services/worker/ffmpeg/input-options.ts';
import { runFfmpeg } from '../../../../services/worker/ffmpeg/run.ts';
import { overwriteLastThird } from '../../../support/damage.ts';
import { BINARIES } from '../../../support/ffmpeg-fixtures.ts';
import { makeMedia, pictures } from '../../../support/make-media.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ffmill-damage-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

const X264_OPEN_GOP = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '3', '-g', '50', '-x264-params', 'open-gop=1'];
const X265_OPEN_GOP = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=0:keyint=50:open-gop=1'];
const MPEG2 = ['-c:v', 'mpeg2video', '-b:v', '1M', '-bf', '2', '-g', '12'];

const make = (name: string, ...encoder: string[]) => makeMedia(join(folder, name), [...pictures(12), ...encoder]);

function decode(path: string, beforeInput: readonly string[] = []) {
  return runFfmpeg({
    binary: BINARIES.ffmpeg,
    args: [...STRICT_DECODING, ...beforeInput, ...inputOptions(path), '-map', '0:v:0', '-f', 'null', '-'],
    signal: AbortSignal.timeout(30_000),
    stallMs: 20_000,
  });
}

describe('a film whose last third is overwritten is damaged', () => {
  test.each([
    ['faststart.mp4', [...X264_OPEN_GOP, '-movflags', '+faststart']],
    ['hevc.mp4', [...X265_OPEN_GOP, '-movflags', '+faststart']],
    ['mpeg2.mkv', MPEG2],
    ['mpeg2.mpg', MPEG2],
  ])('%s', async (name, encoder) => {
    const path = await make(name, ...encoder);
    await expect(decode(path)).resolves.toMatchObject({ frames: 300, inputDamage: null });
    await overwriteLastThird(path);
    await expect(decode(path)).rejects.toMatchObject({ code: 'input_corrupt' });
  });

  test('or ends early, and FFmpeg says why', async () => {
    const path = await make('hevc.mkv', ...X265_OPEN_GOP);
    await overwriteLastThird(path);
    const end = await decode(path);
    expect(end.frames).toBeLessThan(250);
    expect(end.inputDamage).toMatch(/^matroska,webm: /);
  });
});

describe('a good film is not taken for damaged when it is read from its middle', () => {
  test.each([
    ['open-gop.mp4', X264_OPEN_GOP],
    ['open-gop.mkv', X265_OPEN_GOP],
    ['b-frames.mkv', MPEG2],
  ])('%s', async (name, encoder) => {
    const path = await make(name, ...encoder);
    for (const second of [1, 4.04, 7.3])
      await expect(decode(path, ['-copyts', '-noaccurate_seek', '-ss', String(second)])).resolves.toBeDefined();
  });
});
