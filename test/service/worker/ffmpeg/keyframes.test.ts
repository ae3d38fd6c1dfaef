import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keyframesBefore } from '../../../../services/worker/ffmpeg/keyframes.ts';
import { probeMedia } from '../../../../services/worker/ffmpeg/probe.ts';
import { mainVideo, ticksToSeconds } from '../../../../shared/job/media.ts';
import { BINARIES } from '../../../support/ffmpeg-fixtures.ts';
import { makeMedia, pictures } from '../../../support/make-media.ts';

let folder: string;
let film: string;
const signal = AbortSignal.timeout(60_000);

/** A minute with a keyframe every two seconds, open GOPs and B-frames. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ffmill-keyframes-'));
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-g', '50', '-x264-params', 'open-gop=1'];
  film = await makeMedia(join(folder, 'film.mp4'), [...pictures(60), ...encoder]);
});
afterAll(async () => await rm(folder, { recursive: true }));

async function copyAs(name: string, ...options: string[]): Promise<string> {
  return await makeMedia(join(folder, name), ['-i', `file:${film}`, '-c', 'copy', ...options]);
}

async function secondsBefore(path: string, targets: readonly number[], ffprobe = BINARIES.ffprobe): Promise<number[]> {
  const video = mainVideo(await probeMedia({ ffprobe: BINARIES.ffprobe, path, signal }));
  if (video === undefined) throw new Error('no video');
  const { index: streamIndex, time_base: timeBase } = video;
  const ticks = await keyframesBefore({ ffprobe, path, streamIndex, timeBase, targets, signal });
  return ticks.map((tick) => ticksToSeconds(tick, timeBase));
}

test('each target gives the keyframe before it, in mp4', async () => {
  expect(await secondsBefore(film, [15, 30.5, 47.9])).toEqual([14, 30, 46]);
});

test('each target gives the keyframe before it, in Matroska', async () => {
  expect(await secondsBefore(await copyAs('film.mkv'), [15, 30.5, 47.9])).toEqual([14, 30, 46]);
});

test('targets that share a keyframe give it once, in order', async () => {
  expect(await secondsBefore(film, [31.9, 15, 30.1])).toEqual([14, 30]);
});

test('targets count on the clock of the file', async () => {
  const late = await copyAs('late.mkv', '-output_ts_offset', '3600');
  expect(await secondsBefore(late, [3615, 3630.5])).toEqual([3614, 3630]);
});

test('fragmented mp4 is searched too', async () => {
  const fragmented = await copyAs('fragmented.mp4', '-movflags', 'frag_keyframe+empty_moov+default_base_moof');
  const found = await secondsBefore(fragmented, [15, 30.5]);
  expect(found[0]).toBeCloseTo(14, 0);
  expect(found[1]).toBeCloseTo(30, 0);
});

test('more targets than fit into one command are all looked for', async () => {
  const targets = Array.from({ length: 1200 }, (_, index) => index / 20 + 0.01);
  expect(await secondsBefore(film, targets)).toEqual(Array.from({ length: 30 }, (_, index) => index * 2));
});

test('a transport stream gives none, for it is not sought exactly', async () => {
  expect(await secondsBefore(await copyAs('film.ts'), [15, 30.5])).toEqual([]);
});
