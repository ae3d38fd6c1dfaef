import { AppError } from '../../../shared/errors.ts';
import type { Expectation } from '../../../shared/job/task.ts';
import type { Damage } from '../../../shared/job/task-result.ts';

/** Headers are wrong by fractions of a second often enough; a file that lost its end lacks more. */
const TOLERANCE_SECONDS = 0.5;
const TOLERANCE_SHARE = 0.002;

/** Where a finished file and its picture end, in seconds on the file's own clock. */
export type Ends = {
  readonly endSeconds: number;
  /** What the source's beginning is on the file's own clock; its first frame may come later. */
  readonly startSeconds: number;
  readonly frameSeconds: readonly number[] | null;
};

/**
 * Whether all that the source promised came out of it. What was made is held against its frames before this, so that
 * what is missing here was missing in the source.
 *
 * @throws AppError `input_corrupt`
 */
export function verifyDuration(made: Ends, expect: Expectation): string {
  const [missing] = findMissing(made, expect);
  if (missing !== undefined) throw new AppError('input_corrupt', missing.message);
  return `duration ${(made.endSeconds - made.startSeconds).toFixed(3)} s`;
}

/**
 * The ends that the source promised and did not hold. Only ends tell of damage: a recording that begins between two
 * keyframes lacks what comes before the second, up to some seconds, and is as whole as it ever was.
 */
export function findMissing(made: Ends, expect: Expectation): Damage[] {
  const video = made.frameSeconds === null ? null : videoEnd(made.frameSeconds) - made.startSeconds;
  // Of the last picture some containers do not say how long it is shown.
  const end = Math.max(made.endSeconds - made.startSeconds, video ?? 0);
  const hasSound = expect.audio_streams > 0;
  const picture = missingEnd('video', 'the picture', video, expect.video_seconds);
  const file = missingEnd(hasSound ? 'audio' : 'video', 'the file', end, expect.duration_seconds);
  return picture.length > 0 && !hasSound ? picture : [...picture, ...file];
}

/** The last frame is shown as long as the one before it. */
function videoEnd(times: readonly number[]): number {
  const last = times.at(-1) ?? 0;
  return last + (times.length < 2 ? 0 : last - (times.at(-2) ?? 0));
}

function missingEnd(type: Damage['type'], what: string, seconds: number | null, promised: number | null): Damage[] {
  if (seconds === null || promised === null) return [];
  if (seconds >= promised - TOLERANCE_SECONDS - promised * TOLERANCE_SHARE) return [];
  const ends = `${what} ends after ${seconds.toFixed(3)} s: it is damaged or cut off`;
  const message = `the input says ${promised.toFixed(3)} s, but ${ends}`;
  return [{ type, stream: null, from_seconds: seconds, to_seconds: promised, message }];
}
