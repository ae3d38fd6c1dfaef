import { AppError } from '../../../shared/errors.ts';
import { type Rational, ticksToSeconds } from '../../../shared/job/media.ts';
import { frameTimesArgs } from './args/frame-times-args.ts';
import { readOutput } from './read-output.ts';

/** The frames of a video stream. */
export type FrameTimes = {
  /** When they are shown, in the order in which they are. */
  readonly ticks: readonly number[];
  readonly timeBase: Rational;
  /** Of their packets, in the order of the file: that of decoding. */
  readonly bytes: readonly number[];
};

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

/** Lines `packet,15360,4711` and one `stream,1/15360`. */
export function parseFrameTimes(lines: string): FrameTimes {
  const timeBase = /^stream,(\d+)\/(\d+)/m.exec(lines);
  if (timeBase === null) throw new AppError('verification_failed', 'there is no video stream');
  const packets = Array.from(lines.matchAll(/^packet,([^,\r\n]*),(\d*)/gm));
  const ticks = packets.map(([, pts]) => Number(pts));
  if (ticks.some(Number.isNaN)) throw new AppError('verification_failed', 'a packet has no presentation time stamp');
  return {
    ticks: ticks.sort((a, b) => a - b),
    timeBase: { num: Number(timeBase[1]), den: Number(timeBase[2]) },
    bytes: packets.map(([, , size]) => Number(size)),
  };
}

/** The same in seconds. */
export function frameSeconds({ ticks, timeBase }: FrameTimes): number[] {
  return ticks.map((tick) => ticksToSeconds(tick, timeBase));
}
