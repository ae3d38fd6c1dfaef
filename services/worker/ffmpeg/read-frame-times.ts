import { AppError } from '../../../shared/errors.ts';
import { type Rational, ticksToSeconds } from '../../../shared/job/media.ts';
import { frameTimesArgs } from './args/frame-times-args.ts';
import { readLines } from './read-output.ts';

/** The frames of a video stream. */
export type FrameTimes = {
  /** When they are shown, in the order in which they are. */
  readonly ticks: readonly number[];
  readonly timeBase: Rational;
  /** Of their packets, in the order of the file: that of decoding. */
  readonly bytes: readonly number[];
};

/** @throws AppError `verification_failed` when a packet has no time stamp or there is no video; as `readLines`. */
export async function readFrameTimes(file: {
  ffprobe: string;
  path: string;
  signal: AbortSignal;
}): Promise<FrameTimes> {
  const { ffprobe: binary, path, signal } = file;
  const times = collectFrameTimes();
  await readLines({ binary, args: frameTimesArgs(path), signal, readsAll: true }, times.add);
  return times.end();
}

/** Takes lines `packet,15360,4711` and one `stream,1/15360`, and keeps of them only the numbers: a film has 200,000. */
export function collectFrameTimes(): { add(line: string): void; end(): FrameTimes } {
  const ticks: number[] = [];
  const bytes: number[] = [];
  let timeBase: Rational | null = null;
  return {
    add(line) {
      const [kind, value = '', size] = line.split(',');
      if (kind === 'packet') {
        ticks.push(Number(value));
        bytes.push(Number(size) || 0); // N/A
      }
      if (kind === 'stream') timeBase = rationalOf(value) ?? timeBase;
    },
    end() {
      if (timeBase === null) throw new AppError('verification_failed', 'there is no video stream');
      if (ticks.some(Number.isNaN))
        throw new AppError('verification_failed', 'a packet has no presentation time stamp');
      return { ticks: ticks.sort((a, b) => a - b), timeBase, bytes };
    },
  };
}

function rationalOf(text: string): Rational | null {
  const [, num, den] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  return num === undefined ? null : { num: Number(num), den: Number(den) };
}

/** The same in seconds. */
export function frameSeconds({ ticks, timeBase }: FrameTimes): number[] {
  return ticks.map((tick) => ticksToSeconds(tick, timeBase));
}
