import type { ContainerName } from '../../../../shared/job/container.ts';
import type { Rational } from '../../../../shared/job/media.ts';

/** As fine as FFmpeg makes the clocks of tracks. */
const TICKS_PER_SECOND = 10_000;

/** FFmpeg writes chapters as a track on that clock, and refuses one that lasts longer, without a word of its own. */
const MOST_TICKS = 2 ** 31 - 1;

/** The time base of the source's picture, and about how long the file lasts. */
export type MovieClock = { readonly timeBase: Rational; readonly seconds: number };

/**
 * The clock on which the edit lists of MP4 and MOV say how much later than the file a stream begins: a multiple of that
 * of the picture's source, so that this is exact. FFmpeg's own choice, milliseconds, moves all frames of a picture that
 * begins in between; it stays for films so long, on clocks so fine, that their chapters would be lost.
 */
export function movieTimescaleArgs(container: ContainerName, { timeBase: { den }, seconds }: MovieClock): string[] {
  if (container !== 'mp4' && container !== 'mov') return [];
  const timescale = den * Math.ceil(TICKS_PER_SECOND / den);
  return timescale * seconds > MOST_TICKS ? [] : ['-movie_timescale', String(timescale)];
}
