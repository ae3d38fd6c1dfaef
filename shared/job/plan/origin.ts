import type { ContainerName } from '../container.ts';
import { type MediaInfo, secondsToTicks } from '../media.ts';
import type { ChosenStreams, PlanFacts, SplitStreams } from './plan-facts.ts';

/**
 * The moment of the source that becomes zero in what is made of it: FFmpeg subtracts the start of the whole file (its
 * earliest stream), not that of the video.
 */
export function originSeconds(media: MediaInfo): number {
  return media.start_seconds ?? 0;
}

/** The same in ticks of the video stream, rounded as FFmpeg rounds. */
export function originTicks({ probe, target }: PlanFacts, { video, audio }: SplitStreams): number {
  const seconds = originSeconds(probe.media);
  const origin = movesAtEachPassage(target.container, audio) ? Math.max(0, seconds) : seconds;
  return Math.sign(origin) * secondsToTicks(Math.abs(origin), video.stream.time_base);
}

/**
 * Sound may begin before zero: encoders put their run-up there. MP4 keeps that in an edit list; Matroska moves a whole
 * file until it begins at zero. So that this happens once, at the join, to sound and picture together, the sound comes
 * there from a file that is late as a whole.
 */
export function isRestShifted(container: ContainerName, audio: ChosenStreams['audio']): boolean {
  return isMatroska(container) && !movesAtEachPassage(container, audio);
}

/**
 * Opus in Matroska: FFmpeg 5.1 subtracts the codec's delay when it reads and does not add it when it writes. Each passage
 * through a file moves it by 6.5 ms, the one through the file of the rest too; the picture must not be moved before.
 */
function movesAtEachPassage(container: ContainerName, audio: ChosenStreams['audio']): boolean {
  if (audio === null || !isMatroska(container)) return false;
  if (audio.settings.codec !== 'copy') return audio.settings.codec === 'opus';
  return audio.streams.some((stream) => stream.codec === 'opus');
}

function isMatroska(container: ContainerName): boolean {
  return container === 'matroska' || container === 'webm';
}
