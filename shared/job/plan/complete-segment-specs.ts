import type { MeasureSpec, SegmentRate, SegmentSpec } from '../task.ts';
import type { MeasureResult } from '../task-result.ts';
import type { RateLimit } from '../task-settings.ts';
import { largestShare, seamLimitOfMeasured } from './seam-limit.ts';
import { shareBits } from './share-bits.ts';
import { videoLevel } from './video-level.ts';

/** A measured interval: what was asked of the first pass, and what it found. */
export type MeasuredInterval = { readonly spec: MeasureSpec; readonly result: MeasureResult };

/**
 * The segments of a job whose first passes have all ended, each with its share of the bits. `measured` are all intervals
 * of the file in the order of time.
 */
export function completeSegmentSpecs(measured: readonly MeasuredInterval[]): SegmentSpec[] {
  const limits = measured.map(({ spec: { settings }, result }) =>
    settings.limit ? seamLimitOfMeasured(settings.limit, result.seconds) : null,
  );
  const mean = measured[0]?.spec.settings.bitrate ?? 0;
  const shares = shareBits(
    measured.map(({ result: { complexity, seconds } }, index) => ({
      ...{ complexity, seconds },
      limit: shareLimit(limits[index] ?? null),
    })),
    mean,
  );
  const level = levelOf(measured, Math.max(...shares));
  return measured.map(({ spec, result }, index) => {
    const rate: SegmentRate = {
      share: shares[index] ?? mean,
      mean,
      limit: limits[index] ?? null,
      level,
      first_pass: result.first_pass,
      seconds: result.seconds,
    };
    const { picture: _, ...interval } = spec;
    return { ...interval, kind: 'segment', rate };
  });
}

function shareLimit(limit: RateLimit | null): number | null {
  return limit === null ? null : largestShare(limit);
}

/** Without a limit an encoder that knows only its average takes twice that for its peak (x264's `x264_encoder_open`). */
function levelOf(measured: readonly MeasuredInterval[], peakShare: number): number {
  const [first] = measured;
  if (first === undefined) return 62;
  const { settings, picture } = first.spec;
  const peak: RateLimit = settings.limit ?? { maxrate: 2 * peakShare, bufsize: 0 };
  return videoLevel(settings, { ...picture, ...peak });
}
