import { describe, expect, it } from 'vitest';
import { bitsOf, playPackets } from '../../../../services/worker/ffmpeg/rate-buffer.ts';
import type { FrameTimes } from '../../../../services/worker/ffmpeg/read-frame-times.ts';
import { verifyRate } from '../../../../services/worker/ffmpeg/verify-rate.ts';
import { seamLimit } from '../../../../shared/job/plan/seam-limit.ts';

/** Ten frames a second, of so many bits each. */
function packets(bits: readonly number[]): FrameTimes {
  return { ticks: bits.map((_, index) => index), timeBase: { num: 1, den: 10 }, bytes: bits.map((size) => size / 8) };
}

const LIMIT = { maxrate: 1000, bufsize: 1000 };

describe('the buffer of a receiver', () => {
  it('loses each frame at its moment and gains between them, up to its size', () => {
    expect(playPackets(packets([800, 80, 80]), LIMIT, 1000)).toEqual({ lowest: 200, lowestAt: 0, end: 340 });
    expect(playPackets(packets([8, 8]), LIMIT, 1000).end).toBe(1000);
  });

  it('says when it ran dry', () => {
    expect(playPackets(packets([400, 400, 400]), LIMIT, 900)).toMatchObject({ lowest: -100, lowestAt: 0.2 });
  });

  it('never holds more at the beginning than it can', () => {
    expect(playPackets(packets([8]), LIMIT, 5000)).toEqual({ lowest: 992, lowestAt: 0, end: 992 });
  });

  it('waits as long as a frame of a variable rate is shown', () => {
    const slow = { ticks: [0, 10, 11], timeBase: { num: 1, den: 10 }, bytes: [100, 100, 100] };
    expect(playPackets(slow, LIMIT, 900)).toMatchObject({ lowest: -500, lowestAt: 1.1 });
  });

  it('counts all bits', () => {
    expect(bitsOf(packets([800, 80]))).toBe(880);
  });
});

/** Mulberry32: the same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A segment of an encoder that takes all it may: each frame as large as the buffer it was told of allows. */
function greedy(limit: { maxrate: number; bufsize: number }, frames: number, next: () => number): number[] {
  let filling = limit.bufsize;
  return Array.from({ length: frames }, () => {
    const size = Math.floor((filling * next() ** 3) / 8) * 8;
    filling = Math.min(limit.bufsize, filling - size + limit.maxrate / 10);
    return size;
  });
}

describe('segments that keep what a seam leaves them', () => {
  const real = { maxrate: 400_000, bufsize: 400_000 };

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('keep the limit of the file when joined (seed %d)', (seed) => {
    const next = random(seed);
    const segments = Array.from({ length: 6 }, () => {
      const seconds = 4 + Math.floor(next() * 20);
      return greedy(seamLimit(real, seconds), seconds * 10, next);
    });
    for (const segment of segments) {
      const { lowest, end } = playPackets(packets(segment), real, real.bufsize / 2);
      expect(lowest).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThanOrEqual(real.bufsize / 2);
    }
    expect(playPackets(packets(segments.flat()), real, 0.9 * real.bufsize).lowest).toBeGreaterThanOrEqual(0);
  });

  it('while those that keep the limit each for itself do not', () => {
    const spent = [...new Array(39).fill(40_000), 396_000];
    const fresh = [396_000, ...new Array(39).fill(0)];
    expect(playPackets(packets(spent), real, real.bufsize).lowest).toBeGreaterThanOrEqual(0);
    expect(playPackets(packets(fresh), real, real.bufsize).lowest).toBeGreaterThanOrEqual(0);
    expect(playPackets(packets([...spent, ...fresh]), real, real.bufsize).lowest).toBeLessThan(0);
  });
});

describe('the verification of a rate', () => {
  const times = packets([900_000, 100_000, 100_000, 100_000]);

  it('names the average that came out', () => {
    expect(verifyRate(times, { bitrate: 2_900_000, limit: null }, true)).toEqual(['video 3000 of 2900 kb/s']);
    expect(verifyRate(times, { bitrate: null, limit: null }, true)).toEqual([]);
  });

  it('refuses a join that breaks its limit, and tells it of a single process', () => {
    const limit = { maxrate: 1_000_000, bufsize: 900_000 };
    const broken = { bitrate: null, limit };
    expect(() => verifyRate(times, broken, true)).toThrow(expect.objectContaining({ code: 'join_mismatch' }));
    expect(verifyRate(times, broken, false)).toEqual(['the buffer runs dry at 0.00 s, by 90 kb']);
    const kept = { bitrate: null, limit: { ...limit, bufsize: 1_000_000 } };
    expect(verifyRate(times, kept, true)).toEqual(['the rate stays within its limit']);
  });
});
