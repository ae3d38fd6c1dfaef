import { expect, it } from 'vitest';
import { videoLevel } from '../../../../shared/job/plan/video-level.ts';

const hd = { width: 1920, height: 1080, frames_per_second: 30, maxrate: 8_000_000, bufsize: 0 };
const x264 = (changes: Partial<typeof hd> = {}, preset: string | null = null) =>
  videoLevel({ encoder: 'libx264', preset }, { ...hd, ...changes });
const x265 = (changes: Partial<typeof hd> = {}) =>
  videoLevel({ encoder: 'libx265', preset: null }, { ...hd, ...changes });

it('the level of H.264 is the lowest that holds picture, rate and decoded pictures', () => {
  expect(x264()).toBe(40);
  expect(x264({ frames_per_second: 60 })).toBe(42);
  expect(x264({ maxrate: 30_000_000 })).toBe(41);
  expect(x264({ bufsize: 26_000_000 })).toBe(41);
  expect(x264({}, 'veryslow')).toBe(51);
  expect(x264({ width: 1280, height: 720 })).toBe(31);
  expect(x264({ width: 160, height: 90, frames_per_second: 25, maxrate: 60_000 })).toBe(11);
  expect(x264({ width: 3840, height: 2160 })).toBe(51);
});

it('the level of HEVC is the lowest of the Main tier', () => {
  expect(x265()).toBe(40);
  expect(x265({ maxrate: 13_000_000 })).toBe(41);
  expect(x265({ frames_per_second: 60 })).toBe(41);
  expect(x265({ width: 3840, height: 2160 })).toBe(50);
});

it('what no level holds gets the highest', () => {
  expect(x264({ maxrate: 2_000_000_000 })).toBe(62);
  expect(x265({ width: 20_000, height: 9_000 })).toBe(62);
});
