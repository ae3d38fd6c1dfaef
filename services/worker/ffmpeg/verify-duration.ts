import { AppError } from '../../../shared/errors.ts';
import type { Expectation } from '../../../shared/job/task.ts';

/** Headers are wrong by fractions of a second often enough; a file that lost its end lacks more. */
const TOLERANCE_SECONDS = 0.5;
const TOLERANCE_SHARE = 0.002;

type Made = {
  readonly durationSeconds: number;
  /** Where the file's own clock begins. */
  readonly startSeconds: number;
  readonly frameSeconds: readonly number[] | null;
};

/**
 * Whether all that the source promised came out of it. What was made is held against its frames before this, so that
 * what is missing here was missing in the source.
 *
 * @throws AppError `input_corrupt`
 */
export function verifyDuration(made: Made, expect: Expectation): string {
  const video = made.frameSeconds === null ? null : videoEnd(made.frameSeconds) - made.startSeconds;
  reaches('the picture', video, expect.video_seconds);
  reaches('the file', made.durationSeconds, expect.duration_seconds);
  return `duration ${made.durationSeconds.toFixed(3)} s`;
}

/**
 * The last frame is shown as long as the one before it. Only the end tells of damage: a recording that begins between
 * two keyframes lacks what comes before the second, up to some seconds, and is as whole as it ever was.
 */
function videoEnd(times: readonly number[]): number {
  const last = times.at(-1) ?? 0;
  return last + (times.length < 2 ? 0 : last - (times.at(-2) ?? 0));
}

function reaches(what: string, seconds: number | null, promised: number | null): void {
  if (seconds === null || promised === null) return;
  if (seconds >= promised - TOLERANCE_SECONDS - promised * TOLERANCE_SHARE) return;
  throw new AppError(
    'input_corrupt',
    `the input says ${promised.toFixed(3)} s, but ${what} ends after ${seconds.toFixed(3)} s: it is damaged or cut off`,
  );
}
