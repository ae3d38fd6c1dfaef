import { AppError } from '../../../shared/errors.ts';
import { type Rational, ticksToSeconds } from '../../../shared/job/media.ts';
import { frameTimesArgs } from './args/frame-times-args.ts';
import { readOutput } from './read-output.ts';

/** When the frames of a video stream are shown, in the order in which they are. */
export type FrameTimes = { readonly ticks: readonly number[]; readonly timeBase: Rational };

/** A day of video at 60 frames a second. */
const MAX_BYTES = 256 * 1024 * 1024;

/** @throws AppError `verification_failed` when a packet has no time stamp or there is no video; as `readOutput`. */
export async function readFrameTimes(file: {
  ffprobe: string;
  path: string;
  signal: AbortSignal;
}): Promise<FrameTimes> {
  const { ffprobe: binary, path, signal } = file;
  return parseFrameTimes(await readOutput({ binary, args: frameTimesArgs(path), signal, maxBytes: MAX_BYTES }));
}

/** Lines `packet,15360` and one `stream,1/15360`. */
export function parseFrameTimes(lines: string): FrameTimes {
  const timeBase = /^stream,(\d+)\/(\d+)/m.exec(lines);
  if (timeBase === null) throw new AppError('verification_failed', 'there is no video stream');
  const ticks = Array.from(lines.matchAll(/^packet,([^,\r\n]*)/gm), ([, pts]) => Number(pts));
  if (ticks.some(Number.isNaN)) throw new AppError('verification_failed', 'a packet has no presentation time stamp');
  return {
    ticks: ticks.sort((a, b) => a - b),
    timeBase: { num: Number(timeBase[1]), den: Number(timeBase[2]) },
  };
}

/** The same in seconds. */
export function frameSeconds({ ticks, timeBase }: FrameTimes): number[] {
  return ticks.map((tick) => ticksToSeconds(tick, timeBase));
}
