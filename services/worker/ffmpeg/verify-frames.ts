import { AppError } from '../../../shared/errors.ts';
import type { FrameTimes } from './read-frame-times.ts';

/**
 * Whether as many frames are there as were made, each shown at a moment of its own.
 *
 * @throws AppError `verification_failed`
 */
export function verifyFrames({ ticks }: FrameTimes, expected: number): string[] {
  if (ticks.length !== expected)
    throw new AppError('verification_failed', `${ticks.length} frames in the file, ${expected} were made`);
  const double = ticks.findIndex((tick, index) => index > 0 && tick <= (ticks[index - 1] ?? tick));
  if (double > 0) throw new AppError('verification_failed', `frames ${double - 1} and ${double} have one time stamp`);
  return [`frames ${ticks.length} of ${expected}`, 'time stamps rise'];
}
