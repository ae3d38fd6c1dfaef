import { describe, expect, it } from 'vitest';
import { countMadeSeconds } from '../../../../services/worker/ffmpeg/made-seconds.ts';

const SECOND_US = 1_000_000;

function madeBy(args: readonly string[], blocks: readonly (readonly [frame: number, outTimeUs: number | null])[]) {
  const count = countMadeSeconds(args);
  return blocks.map(([frame, outTimeUs]) => count({ frame, outTimeUs, fps: null, speed: null, totalSize: null }));
}

describe('the seconds that were made', () => {
  it('are what FFmpeg says they are', () => {
    expect(
      madeBy(
        ['-i', 'in'],
        [
          [0, null],
          [25, SECOND_US],
        ],
      ),
    ).toEqual([null, 1]);
  });

  it('are counted from the beginning where FFmpeg keeps the time stamps and counts from its first look', () => {
    // As 5.1 told of 500 frames at 25 a second, read from the middle of a file
    const told = [
      [1, 0],
      [59, 0],
      [102, 1_720_000],
      [241, 7_280_000],
      [490, 17_240_000],
    ] as const;
    const made = madeBy(['-copyts', '-i', 'in'], told);
    expect(made.slice(0, 2)).toEqual([0, 0]);
    for (const [index, [frame]] of told.entries()) if (index > 1) expect(made[index]).toBeCloseTo(frame / 25, 6);
  });

  it('of sound alone are what FFmpeg says', () => {
    expect(madeBy(['-copyts', '-i', 'in'], [[0, 3 * SECOND_US]])).toEqual([3]);
  });
});
