import { type ContainerName, container } from '../../../../shared/job/container.ts';
import type { Rational } from '../../../../shared/job/media.ts';

/** As fine as FFmpeg makes the clocks of tracks. */
const TICKS_PER_SECOND = 10_000;

/** The picture of an output: the codec that it is encoded with, null for a copy, and the time base of its source. */
type Picture = { readonly codec: string | null; readonly timeBase: Rational };

/**
 * The output's format. The index of MP4 goes to the front, so that the file plays while it is being fetched; HEVC gets
 * the tag that Apple's players ask for.
 */
export function muxerArgs(name: ContainerName, picture: Picture | null): string[] {
  const quickTime = name === 'mp4' || name === 'mov' || name === 'm4a';
  return [
    ...(quickTime && picture?.codec === 'hevc' ? ['-tag:v', 'hvc1'] : []),
    ...(quickTime && picture !== null ? ['-movie_timescale', String(movieTimescale(picture.timeBase))] : []),
    ...(quickTime ? ['-movflags', '+faststart'] : []),
    ...(name === 'mp4' ? ['-strict', 'experimental'] : []), // FLAC in MP4 was one until FFmpeg 6
    ...['-f', container(name).muxer],
  ];
}

/**
 * The clock on which edit lists say how much later than the file a stream begins: a multiple of the picture's, so that
 * this is exact. FFmpeg's own choice, milliseconds, moves all frames of a picture that begins in between.
 */
function movieTimescale({ den }: Rational): number {
  return den * Math.ceil(TICKS_PER_SECOND / den);
}
