import { AppError } from '../../../shared/errors.ts';
import type { ContainerName } from '../../../shared/job/container.ts';
import { type Rational, secondsToTicks, ticksToSeconds } from '../../../shared/job/media.ts';
import type { AssembleSpec, SegmentPart } from '../../../shared/job/task.ts';
import type { FrameTimes } from './read-frame-times.ts';

/** A pause at a seam longer than any within the segments, by more than rounding makes it, is a hole. */
const GAP_TOLERANCE = 1.5;

/** FFmpeg writes no time stamps below zero here: sound that begins with a codec's run-up moves the whole file. */
const MOVES_ALL: readonly ContainerName[] = ['matroska', 'webm'];
/** The run-up of Opus is 6.5 ms, of AAC 21 ms; no codec's is longer. */
const LONGEST_RUN_UP_SECONDS = 0.1;

/**
 * Whether the joined frames are those of the segments in their order, each segment's first and last at the moment at
 * which they were made, with neither hole nor overlap where two meet.
 *
 * @throws AppError `join_mismatch`
 */
export function verifySeams(joined: FrameTimes, { segments, video, target }: AssembleSpec): string[] {
  const total = segments.reduce((sum, { frames }) => sum + frames, 0);
  if (joined.ticks.length !== total) throw mismatch(`${joined.ticks.length} frames, the segments have ${total}`);
  const shift = MOVES_ALL.includes(target.container) ? shiftOf(joined, segments[0], video.time_base) : 0;
  const at = (index: number) => ticksToSeconds(joined.ticks[index] ?? Number.NaN, joined.timeBase) - shift;
  let begin = 0;
  for (const segment of segments) {
    checkMoment(segment, 'first', at(begin), segment.first_ticks, video.time_base, joined.timeBase);
    checkMoment(segment, 'last', at(begin + segment.frames - 1), segment.last_ticks, video.time_base, joined.timeBase);
    begin += segment.frames;
  }
  checkGaps(joined.ticks, segments);
  return segments.length < 2 ? [] : [`${segments.length - 1} seams continuous`];
}

/** By how much picture and sound were moved together. */
function shiftOf({ ticks, timeBase }: FrameTimes, first: SegmentPart | undefined, source: Rational): number {
  const planned = ticksToSeconds(first?.first_ticks ?? 0, source);
  const moved = ticksToSeconds((ticks[0] ?? 0) - secondsToTicks(planned, timeBase), timeBase);
  return moved >= 0 && moved <= LONGEST_RUN_UP_SECONDS ? moved : 0;
}

function checkMoment(
  { ordinal }: SegmentPart,
  which: string,
  seconds: number,
  ticks: number,
  source: Rational,
  joined: Rational,
): void {
  const planned = ticksToSeconds(ticks, source);
  const rounding = ticksToSeconds(0.5, joined) + 1e-6;
  if (Math.abs(seconds - planned) <= rounding) return;
  throw mismatch(`the ${which} frame of segment ${ordinal} is at ${seconds} s instead of ${planned} s`);
}

function checkGaps(ticks: readonly number[], segments: readonly SegmentPart[]): void {
  const seams = seamIndices(segments);
  const gapBefore = (index: number) => (ticks[index] ?? 0) - (ticks[index - 1] ?? 0);
  let longest = 0;
  for (let index = 1; index < ticks.length; index++)
    if (!seams.has(index)) longest = Math.max(longest, gapBefore(index));
  for (const seam of seams)
    if (longest > 0 && gapBefore(seam) > longest * GAP_TOLERANCE)
      throw mismatch(`${gapBefore(seam)} ticks without a frame where two segments meet`);
}

/** Indices of the frames that begin a segment, without the very first. */
function seamIndices(segments: readonly SegmentPart[]): Set<number> {
  const seams = new Set<number>();
  let begin = 0;
  for (const { frames } of segments.slice(0, -1)) {
    begin += frames;
    seams.add(begin);
  }
  return seams;
}

function mismatch(what: string): AppError {
  return new AppError('join_mismatch', what);
}
