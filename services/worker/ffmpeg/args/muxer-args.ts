import { type ContainerName, container } from '../../../../shared/job/container.ts';

/**
 * The output's format. The index of MP4 goes to the front, so that the file plays while it is being fetched; HEVC gets
 * the tag that Apple's players ask for.
 */
export function muxerArgs(name: ContainerName, encodedVideo: string | null): string[] {
  const quickTime = name === 'mp4' || name === 'mov' || name === 'm4a';
  return [
    ...(quickTime && encodedVideo === 'hevc' ? ['-tag:v', 'hvc1'] : []),
    ...(quickTime ? ['-movflags', '+faststart'] : []),
    ...(name === 'mp4' ? ['-strict', 'experimental'] : []), // FLAC in MP4 was one until FFmpeg 6
    ...['-f', container(name).muxer],
  ];
}
