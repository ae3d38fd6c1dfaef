import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { proveCapabilities } from '../../../../services/worker/ffmpeg/capabilities.ts';
import { ONLY_DEVICES } from '../../../../services/worker/ffmpeg/devices.ts';
import { proveDecoders } from '../../../../services/worker/ffmpeg/prove-decoders.ts';
import { BINARIES, standIn } from '../../../support/ffmpeg-fixtures.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ffmill-capabilities-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

const signal = AbortSignal.timeout(60_000);
const prove = (options: Partial<Parameters<typeof proveCapabilities>[0]>) =>
  proveCapabilities({ binaries: BINARIES, cacheFile: join(folder, 'speeds.json'), encoders: [], signal, ...options });

test('an encoder that works is proved with its speed, the usual ones first', async () => {
  const onProved = vi.fn();
  const proved = await prove({ encoders: ['ffv1', 'pcm_s16le', 'libx264', 'aac'], onProved });
  expect(proved.ffmpeg_version).toMatch(/^ffmpeg version /);
  expect(Object.keys(proved.encoders)).toEqual(['libx264', 'aac', 'ffv1', 'pcm_s16le']);
  for (const speed of Object.values(proved.encoders)) expect(speed).toBeGreaterThan(1);
  expect(onProved.mock.calls.map(([soFar]) => Object.keys(soFar.encoders).length)).toEqual([1, 2, 3, 4]);
});

test('an encoder that FFmpeg does not have is not tried', async () => {
  const onBroken = vi.fn();
  expect((await prove({ encoders: ['nosuch', 'ffv1'], onBroken })).encoders).not.toHaveProperty('nosuch');
  expect(onBroken).not.toHaveBeenCalled();
});

test('an encoder that does not work is left out and told', async () => {
  const onBroken = vi.fn();
  const binaries = { ...BINARIES, ffmpeg: standIn('ffmpeg-without-libx264') };
  const proved = await prove({ binaries, encoders: ['libx264', 'ffv1'], onBroken });
  expect(Object.keys(proved.encoders)).toEqual(['ffv1']);
  expect(onBroken).toHaveBeenCalledExactlyOnceWith('libx264', expect.objectContaining({ code: 'ffmpeg_failed' }));
});

test('the second start believes the first', async () => {
  const first = await prove({ encoders: ['ffv1'] });
  const onProved = vi.fn();
  expect(await prove({ encoders: ['ffv1'], onProved })).toEqual(first);
  expect(onProved).not.toHaveBeenCalled();
});

test('another FFmpeg is not believed what the first one proved', async () => {
  await prove({ encoders: ['libx264'] });
  const binaries = { ...BINARIES, ffmpeg: standIn('ffmpeg-without-libx264') };
  expect((await prove({ binaries, encoders: ['libx264'] })).encoders).toEqual({});
});

test('a damaged cache is as good as none', async () => {
  const cacheFile = join(folder, 'speeds.json');
  await writeFile(cacheFile, '{"build": ');
  expect((await prove({ cacheFile, encoders: ['ffv1'] })).encoders).toHaveProperty('ffv1');
  expect(JSON.parse(await readFile(cacheFile, 'utf8'))).toHaveProperty('encoders.ffv1');
});

test('hardware is proved at every start, with its encodes at a time and what it decodes', async () => {
  const binaries = { ...BINARIES, ffmpeg: standIn('ffmpeg-with-a-gpu') };
  const first = await prove({ binaries, encoders: ['h264_nvenc', 'ffv1'] });
  expect(Object.keys(first.encoders).toSorted()).toEqual(['ffv1', 'h264_nvenc']);
  expect(first.sessions).toEqual({ nvenc: 2 });
  expect(first.decoders).toContain('cuda:h264/High/yuv420p');
  expect(await readFile(join(folder, 'speeds.json'), 'utf8')).not.toContain('nvenc');
  const onProved = vi.fn();
  await prove({ binaries, encoders: ['h264_nvenc', 'ffv1'], onProved });
  expect(onProved).toHaveBeenCalledOnce();
});

test('what a device would not decode by itself is not proved', async () => {
  // Without such a device FFmpeg's own decoder steps in; the pictures would be right.
  expect(await proveDecoders({ ffmpeg: BINARIES.ffmpeg, devices: ONLY_DEVICES, signal }, ['cuda', 'vaapi'])).toEqual(
    [],
  );
});
