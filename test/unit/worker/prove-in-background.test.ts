import { expect, onTestFinished, test, vi } from 'vitest';
import { hardwareSlots } from '../../../services/worker/hardware-slots.ts';
import { proveInBackground } from '../../../services/worker/prove-in-background.ts';
import { AppError } from '../../../shared/errors.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import type { RegisterBody } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';

type Prove = Parameters<typeof proveInBackground>[0]['prove'];
const HARDWARE = { slots: {}, devices: { nvidia: null, render: '/dev/dri/renderD128' } };

type During = (proof: Parameters<Prove>[0], nth: number) => Promise<Awaited<ReturnType<Prove>> | undefined>;

/** Proves what `works` says now, of what is asked for. */
function played(
  works: () => Record<string, number>,
  { slots = {}, hopedMs = 60_000, during }: { slots?: Record<string, number>; hopedMs?: number; during?: During } = {},
) {
  const asked: (readonly string[])[] = [];
  const told: RegisterBody['capabilities'][] = [];
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  const prove: Prove = async (proof) => {
    const { encoders } = proof;
    asked.push(encoders);
    const early = await during?.(proof, asked.length);
    if (early) return early;
    const found = Object.entries(works()).filter(([name]) => encoders.includes(name));
    return { ffmpeg_version: '5.1', encoders: Object.fromEntries(found), sessions: {}, decoders: [] };
  };
  const proving = proveInBackground({
    ...{ prove, binaries: { ffmpeg: 'f', ffprobe: 'p' }, cacheFile: 'c', hardware: { ...HARDWARE, slots } },
    ...{ signal: ending.signal, log: createLogger({ level: 'silent', name: 'test' }), firstRestMs: 20, hopedMs },
    onChange: (proved) => void told.push(proved),
    onRun: vi.fn(),
  });
  return { proving, asked, told, newest: () => Object.keys(told.at(-1)?.encoders ?? {}) };
}

const ALL = { libx264: 1, h264_nvenc: 1, hevc_nvenc: 1, hevc_nvenc_10bit: 1 };

test('an encoder that failed is withdrawn with its ten bits, and offered again when it works', async () => {
  const { proving, asked, newest } = played(() => ALL);
  await eventually(() => expect(newest()).toEqual(Object.keys(ALL)));
  proving.withdraw('hevc_nvenc');
  expect(newest()).toEqual(['libx264', 'h264_nvenc']);
  await eventually(() => expect(newest().toSorted()).toEqual(Object.keys(ALL).toSorted()));
  expect(asked.at(-1)).toEqual(['hevc_nvenc', 'hevc_nvenc_10bit']);
});

test('as long as it does not work it is tried again, at growing intervals, and offered only then', async () => {
  let works: Record<string, number> = ALL;
  const { proving, asked, newest } = played(() => works);
  await eventually(() => expect(newest()).toHaveLength(4));
  works = { libx264: 1 };
  proving.withdraw('h264_nvenc');
  await eventually(() => expect(asked.length).toBeGreaterThan(3));
  expect(newest()).not.toContain('h264_nvenc');
  works = ALL;
  await eventually(() => expect(newest()).toContain('h264_nvenc'));
});

test('what was withdrawn rests for a while, then it is gone', async () => {
  let works: Record<string, number> = ALL;
  const { proving, told, newest } = played(() => works, { hopedMs: 100 });
  await eventually(() => expect(newest()).toHaveLength(4));
  expect(told.at(-1)?.resting).toEqual([]);
  works = { libx264: 1 };
  proving.withdraw('hevc_nvenc');
  expect(told.at(-1)?.resting).toEqual(['hevc_nvenc', 'hevc_nvenc_10bit']);
  await eventually(() => expect(told.at(-1)?.resting).toEqual([]));
  works = { libx264: 1, hevc_nvenc: 1 };
  await eventually(() => expect(newest()).toContain('hevc_nvenc'));
  expect(newest()).not.toContain('hevc_nvenc_10bit');
});

test('the first proof does not bring back what failed meanwhile, nor is it disturbed by the test of that', async () => {
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const found = { ffmpeg_version: '5.1', encoders: ALL, sessions: { nvenc: 2 }, decoders: [] };
  const { proving, asked, told, newest } = played(() => ALL, {
    async during({ onProved, onHardwareTried }, nth) {
      if (nth === 1) {
        onProved?.(found);
        await first.promise;
        return found;
      }
      onHardwareTried?.();
      await second.promise;
      return undefined;
    },
  });
  await eventually(() => expect(newest()).toHaveLength(4));
  proving.withdraw('h264_nvenc');
  await eventually(() => expect(asked).toHaveLength(2));
  expect(told.at(-1)).toMatchObject({ proving: true, proving_hardware: true });
  first.resolve();
  await eventually(() => expect(told.at(-1)?.proving).toBe(false));
  expect(newest()).not.toContain('h264_nvenc');
  second.resolve();
  await eventually(() => expect(newest()).toContain('h264_nvenc'));
});

test('software is never withdrawn', async () => {
  const { proving, newest } = played(() => ALL);
  await eventually(() => expect(newest()).toHaveLength(4));
  proving.withdraw('libx264');
  expect(newest()).toHaveLength(4);
});

test('a pool that the operator switched off is not even tried', async () => {
  const { asked } = played(() => ALL, { slots: { nvenc: 0 } });
  await eventually(() => expect(asked).toHaveLength(1));
  expect(asked[0]?.filter((name) => name.includes('nvenc'))).toEqual([]);
  expect(asked[0]).toContain('h264_vaapi');
});

test('a proof that breaks off leaves what was proved, and says that it is over', async () => {
  const told: RegisterBody['capabilities'][] = [];
  const prove: Prove = async ({ onProved }) => {
    onProved?.({ ffmpeg_version: '5.1', encoders: { libx264: 1 }, sessions: {}, decoders: [] });
    throw new AppError('ffmpeg_missing', 'gone');
  };
  proveInBackground({
    ...{ prove, binaries: { ffmpeg: 'f', ffprobe: 'p' }, cacheFile: 'c', hardware: HARDWARE },
    ...{ signal: new AbortController().signal, log: createLogger({ level: 'silent', name: 'test' }) },
    onChange: (proved) => void told.push(proved),
    onRun: vi.fn(),
  });
  await eventually(() => expect(told.at(-1)).toMatchObject({ encoders: { libx264: 1 }, proving: false }));
});

test.each([
  [{ h264_nvenc: 1 }, {}, { nvenc: 2 }, { nvenc: 2, vaapi: 0 }],
  [{ h264_nvenc: 1 }, { nvenc: 5 }, { nvenc: 2 }, { nvenc: 5, vaapi: 0 }],
  [{ hevc_vaapi_10bit: 1 }, { nvenc: 5 }, {}, { nvenc: 0, vaapi: 1 }],
  [{ libx264: 1 }, { nvenc: 5 }, {}, { nvenc: 0, vaapi: 0 }],
])('with %j proved, %j set and %j found there are %j slots', (encoders, slots, sessions, expected) => {
  expect(hardwareSlots({ ...HARDWARE, slots }, { encoders }, sessions)).toMatchObject(expected);
});
