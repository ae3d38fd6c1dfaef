import type { ContainerName } from '../container.ts';
import { type MediaInfo, secondsToTicks, type VideoStream } from '../media.ts';

/**
 * The moment of the source that becomes zero in what is made of it: FFmpeg subtracts the start of the whole file (its
 * earliest stream), not that of the video.
 */
export function originSeconds(media: MediaInfo): number {
  return media.start_seconds ?? 0;
}

/** The same in ticks of the video stream, rounded as FFmpeg rounds. */
export function originTicks(media: MediaInfo, { time_base: timeBase }: VideoStream): number {
  const seconds = originSeconds(media);
  return Math.sign(seconds) * secondsToTicks(Math.abs(seconds), timeBase);
}

/**
 * Sound may begin before zero: encoders put their run-up there. MP4 keeps that in an edit list; Matroska moves a whole
 * file until it begins at zero. So that this happens once, at the join, to sound and picture together, the sound comes
 * there from a file that is late as a whole.
 */
export function isRestShifted(container: ContainerName): boolean {
  return container === 'matroska' || container === 'webm';
}
