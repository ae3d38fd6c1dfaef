import type { RateLimit } from '../task-settings.ts';

/** The most of the rate that a seam may cost: a segment has to last four times as long as filling the buffer takes. */
const LARGEST_COST = 0.25;
/**
 * What an encoder makes of a limit when it is asked for all of it: x264 stays below by 10 % with a buffer of a fifth of a
 * second, by 6 % with half a second (measured). A share above would be promised and not used.
 */
const REACHED = 0.9;

/**
 * What the encoder of one segment is told so that the limit holds across the seams, if every segment is told so: half
 * the buffer, full at the beginning, and so much less rate that the half which is kept back is full again at the end.
 * docs/rate-control.md has the proof. In whole thousands, as the encoders count.
 */
export function seamLimit({ maxrate, bufsize }: RateLimit, seconds: number): RateLimit {
  return {
    maxrate: Math.floor((maxrate - bufsize / seconds) / 1000) * 1000,
    bufsize: Math.floor(bufsize / 2 / 1000) * 1000,
  };
}

/**
 * The same for a segment of which less came than was planned, as when the picture ends before the sound: that is the end
 * of the file, no segment follows that would find the buffer empty, and no more is taken than a seam may cost.
 */
export function seamLimitOfMeasured(limit: RateLimit, seconds: number): RateLimit {
  return seamLimit(limit, Math.max(seconds, limit.bufsize / (LARGEST_COST * limit.maxrate)));
}

/** The largest share of an average bit rate that a segment can use within its limit. */
export function largestShare({ maxrate }: RateLimit): number {
  return REACHED * maxrate;
}

/** Whether segments of these lengths leave room for their seams, and for the average bit rate where there is one. */
export function leavesRoom(limit: RateLimit, seconds: readonly number[], bitrate: number | null): boolean {
  const total = seconds.reduce((sum, length) => sum + length, 0);
  if (seconds.some((length) => limit.bufsize / length > LARGEST_COST * limit.maxrate)) return false;
  if (seamLimit(limit, 1e9).bufsize < 1000) return false;
  const most = seconds.reduce((sum, length) => sum + largestShare(seamLimit(limit, length)) * length, 0);
  return bitrate === null || bitrate * total <= most;
}
