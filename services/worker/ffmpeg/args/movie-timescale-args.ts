import type { ContainerName } from '../../../../shared/job/container.ts';
import type { Rational } from '../../../../shared/job/media.ts';

/** As fine as FFmpeg makes the clocks of tracks. */
const TICKS_PER_SECOND = 10_000;

/**
 * The clock on which the edit lists of MP4 and MOV say how much later than the file a stream begins: a multiple of that
 * of the picture's source, so that this is exact. FFmpeg's own choice, milliseconds, moves all frames of a picture that
 * begins in between.
 */
export function movieTimescaleArgs(container: ContainerName, { den }: Rational): string[] {
  if (container !== 'mp4' && container !== 'mov') return [];
  return ['-movie_timescale', String(den * Math.ceil(TICKS_PER_SECOND / den))];
}
