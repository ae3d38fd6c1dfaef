import { ticksToSeconds } from '../../../shared/job/media.ts';
import type { RateLimit } from '../../../shared/job/task-settings.ts';
import type { FrameTimes } from './read-frame-times.ts';

/** What a receiver's buffer went through, in bits. */
export type BufferRun = {
  /** The least that was left after a frame was taken out; below zero: that frame was incomplete at its moment. */
  readonly lowest: number;
  /** When that was, in seconds from the first frame. */
  readonly lowestAt: number;
  /** What is there when the frame after the last would be taken out. */
  readonly end: number;
};

/**
 * Plays packets through the buffer of a receiver that gets `maxrate` bits a second until it is full, and has `begin` bits
 * when the first frame is taken out (H.264 and HEVC, annex C, with a rate that may fall to zero).
 *
 * Frames leave in the order of decoding, at the moments of the sorted presentation times: these differ from the decoding
 * times by a constant, and are there in containers that keep no others. The last stays as long as the one before.
 */
export function playPackets(
  { ticks, timeBase, bytes }: FrameTimes,
  { maxrate, bufsize }: RateLimit,
  begin: number,
): BufferRun {
  let filling = Math.min(begin, bufsize);
  let lowest = Number.POSITIVE_INFINITY;
  let lowestAt = 0;
  for (const [index, size] of bytes.entries()) {
    filling -= size * 8;
    if (filling < lowest) {
      lowest = filling;
      lowestAt = ticksToSeconds((ticks[index] ?? 0) - (ticks[0] ?? 0), timeBase);
    }
    filling = Math.min(bufsize, filling + maxrate * ticksToSeconds(durationOf(ticks, index), timeBase));
  }
  return { lowest, lowestAt, end: filling };
}

function durationOf(ticks: readonly number[], index: number): number {
  const from = index + 1 < ticks.length ? index : Math.max(0, index - 1);
  return (ticks[from + 1] ?? 0) - (ticks[from] ?? 0);
}

/** All bits of the packets. */
export function bitsOf({ bytes }: Pick<FrameTimes, 'bytes'>): number {
  return bytes.reduce((sum, size) => sum + size * 8, 0);
}
