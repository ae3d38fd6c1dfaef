import type { SegmentRate } from '../../../shared/job/task.ts';
import type { RateLimit } from '../../../shared/job/task-settings.ts';
import { type BufferRun, bitsOf, playPackets } from '../ffmpeg/rate-buffer.ts';
import type { FrameTimes } from '../ffmpeg/read-frame-times.ts';

/**
 * How far a segment may be off its share, as a part of the share or of the mean where that is more. All segments
 * together are then off by 3 % of the file at the most, even if all err to one side.
 */
const TOLERANCE = 0.015;
/** What a limit that was not kept is lowered by. */
const LOWERED = 0.9;

/** A correction that brings a segment no nearer than this part of its miss is of no use: the picture has no more to give. */
const USEFUL = 0.5;

type Made = {
  readonly rate: SegmentRate;
  readonly times: FrameTimes;
  readonly seconds: number;
  /** The bits a second of the try before; null for the first. */
  readonly before: number | null;
};

/**
 * What the encoder is to be told for another try at a segment: a share corrected by what came of it, a limit lowered
 * when it was not kept. Null: the segment is as it should be. `asked` is what the job promised; `made.rate` what
 * the encoder was told this time, `wanted` what the share was at first.
 */
export function nextRate(made: Made, wanted: SegmentRate, asked: RateLimit | null | undefined): SegmentRate | null {
  const share = correctedShare(made, wanted);
  const broken = asked ? !keepsReserve(made.times, asked) : false;
  if (share === made.rate.share && !broken) return null;
  const { limit } = made.rate;
  return { ...made.rate, share, limit: broken && limit ? lowered(limit) : limit };
}

/** Whether a segment that begins with half of the buffer filled keeps the limit and leaves as much to the next. */
function keepsReserve(times: FrameTimes, asked: RateLimit): boolean {
  const run: BufferRun = playPackets(times, asked, asked.bufsize / 2);
  return run.lowest >= 0 && run.end >= asked.bufsize / 2;
}

function correctedShare({ rate, times, seconds, before }: Made, { share: wanted, mean }: SegmentRate): number | null {
  if (rate.share === null || wanted === null || seconds <= 0) return rate.share;
  const got = bitsOf(times) / seconds;
  if (Math.abs(got - wanted) <= TOLERANCE * Math.max(wanted, mean ?? 0)) return rate.share;
  if (before !== null && Math.abs(got - wanted) > USEFUL * Math.abs(before - wanted)) return rate.share;
  const corrected = Math.round((rate.share * wanted) / got / 1000) * 1000;
  return Math.max(1000, Math.min(corrected, rate.limit?.maxrate ?? Number.POSITIVE_INFINITY));
}

function lowered({ maxrate, bufsize }: RateLimit): RateLimit {
  return {
    maxrate: Math.floor((maxrate * LOWERED) / 1000) * 1000,
    bufsize: Math.max(1000, Math.floor((bufsize * LOWERED) / 1000) * 1000),
  };
}
