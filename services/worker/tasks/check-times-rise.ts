import { AppError } from '../../../shared/errors.ts';

/** How a strict run ends whose source has times out of order, as MPEG-PS may; FFmpeg can put those of sound right. */
export const OUT_OF_ORDER = /Non-monoton(?:ous|ic) DTS/;

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
