import { AppError } from '../../../shared/errors.ts';
import type { VideoSettings } from '../../../shared/job/task-settings.ts';
import { bitsOf, playPackets } from './rate-buffer.ts';
import { type FrameTimes, frameSeconds } from './read-frame-times.ts';

/** How full a receiver's buffer is when it begins to show: what x264 and x265 assume too. */
const FILLED_AT_FIRST = 0.9;
/** Clocks that count milliseconds put a frame half of one too early: that much of the buffer is nobody's fault. */
const ROUNDING_SECONDS = 0.001;

type Promised = Pick<VideoSettings, 'bitrate' | 'limit'>;

/**
 * What came of an average bit rate and of a limit, in words for the summary. The average is told, not demanded: a picture
 * may not need so many bits, or need more at the worst that its encoder makes.
 *
 * @throws AppError `join_mismatch` when a file that was joined breaks its limit; a single process keeps it or says so.
 */
export function verifyRate(times: FrameTimes, { bitrate, limit }: Promised, joined: boolean): string[] {
  return [
    ...(bitrate === null ? [] : [averageOf(times, bitrate)]),
    ...(limit ? [playedWithin(times, limit, joined)] : []),
  ];
}

function averageOf(times: FrameTimes, wanted: number): string {
  const kilobits = (bits: number) => Math.round(bits / 1000);
  return `video ${kilobits(bitsOf(times) / shownSeconds(times))} of ${kilobits(wanted)} kb/s`;
}

function playedWithin(times: FrameTimes, limit: NonNullable<VideoSettings['limit']>, joined: boolean): string {
  const { lowest, lowestAt } = playPackets(times, limit, FILLED_AT_FIRST * limit.bufsize);
  if (lowest >= -ROUNDING_SECONDS * limit.maxrate) return 'the rate stays within its limit';
  const what = `the buffer runs dry at ${lowestAt.toFixed(2)} s, by ${Math.ceil(-lowest / 1000)} kb`;
  if (joined) throw new AppError('join_mismatch', what);
  return what;
}

/** To the end of the last frame, which stays as long as the one before. */
function shownSeconds(times: FrameTimes): number {
  const seconds = frameSeconds(times);
  const [last = 0, before = 0] = [seconds.at(-1), seconds.at(-2)];
  return last - (seconds[0] ?? 0) + (seconds.length > 1 ? last - before : 0) || 1;
}
