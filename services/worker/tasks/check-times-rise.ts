import { AppError } from '../../../shared/errors.ts';

/**
 * What FFmpeg says of a picture whose times do not rise. In the words of 5.1 and 7.1; the picture is the first stream of
 * an output, and MPEG-2's encoder notices before the muxer does.
 */
const PICTURE = /Non-monotonous DTS in output stream 0:0;|\[vost#.*Non-monotonic DTS|Invalid pts \(-?\d+\) <= last/;

export function saysPictureGoesBack(line: string): boolean {
  return PICTURE.test(line);
}

const GOES_BACK = 'the times of the picture do not rise';

/** `words`: FFmpeg's. */
export function pictureGoesBack(words: string): AppError {
  return new AppError('input_corrupt', `${GOES_BACK}: ${words}`);
}

/** Whether an error is that of `pictureGoesBack`. */
export function isPictureGoingBack(error: unknown): boolean {
  return error instanceof AppError && error.message.startsWith(GOES_BACK);
}

/**
 * Whether each frame has a moment of its own. `ticks`: when frames are shown, sorted.
 *
 * @throws AppError `join_mismatch`
 */
export function checkTimesRise(ticks: readonly number[]): void {
  if (ticks.some((tick, index) => tick === ticks[index - 1])) throw timesUnknown();
}

/** One process then keeps the first of the frames of one moment. */
export function timesUnknown(cause?: unknown): AppError {
  return new AppError('join_mismatch', 'the source does not say when each of its frames is shown', { cause });
}
