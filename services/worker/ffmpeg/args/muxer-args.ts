import { type ContainerName, container } from '../../../../shared/job/container.ts';
import { type MovieClock, movieTimescaleArgs } from './movie-timescale-args.ts';

/** The picture of an output: the codec that it is encoded with, null for a copy, and its clock. */
export type Picture = MovieClock & { readonly codec: string | null };

/**
 * The output's format. The index of MP4 goes to the front, so that the file plays while it is being fetched; HEVC gets
 * the tag that Apple's players ask for.
 */
export function muxerArgs(name: ContainerName, picture: Picture | null): string[] {
  const quickTime = name === 'mp4' || name === 'mov' || name === 'm4a';
  return [
    ...(quickTime && picture?.codec === 'hevc' ? ['-tag:v', 'hvc1'] : []),
    ...(picture === null ? [] : movieTimescaleArgs(name, picture)),
    ...(quickTime ? ['-movflags', '+faststart'] : []),
    ...(name === 'mp4' ? ['-strict', 'experimental'] : []), // FLAC in MP4 was one until FFmpeg 6
    ...['-f', container(name).muxer],
  ];
}
