import type { FfmpegProgress } from './progress.ts';

/**
 * How many seconds of media a run has made, block by block; null while that is unknown. `args`: those of the run. With
 * `-copyts` FFmpeg (5.1 and 7.1) counts from what it had written when it first looked, half a second or more into the
 * run: 18.9 of 20 seconds at the end, and far less where it is fast. The frames that were written by then are added at
 * the pace of those since.
 */
export function countMadeSeconds(args: readonly string[]): (progress: FfmpegProgress) => number | null {
  if (!args.includes('-copyts')) return ({ outTimeUs }) => secondsOf(outTimeUs);
  let before = 0;
  return ({ frame, outTimeUs }) => {
    const counted = secondsOf(outTimeUs);
    if (counted === null || counted <= 0) before = frame;
    return counted === null || frame <= before ? counted : (counted * frame) / (frame - before);
  };
}

function secondsOf(microseconds: number | null): number | null {
  return microseconds === null ? null : microseconds / 1e6;
}
