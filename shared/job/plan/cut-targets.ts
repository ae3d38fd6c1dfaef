import type { SegmentPolicy } from '../job.ts';

/** No shorter unless asked: each segment costs a process, a run-up and a fresh start of the rate control. */
export const MINIMUM_SEGMENT_SECONDS = 10;
/** No longer: a segment is what is lost when a worker dies. */
const LONGEST_SEGMENT_SECONDS = 60;
/** So many segments a slot even out scenes that are harder than others. */
const SEGMENTS_PER_SLOT = 4;
/** Up to so many wanted cuts, twice as many places are looked at: keyframes seldom stand where they are wanted. */
const FINE_LOOK_LIMIT = 100;

type CutFacts = { readonly durationSeconds: number; readonly policy: SegmentPolicy; readonly slots: number };

/** The length of segments that keeps every slot busy to the end. */
export function segmentSeconds({ durationSeconds, policy, slots }: CutFacts): number {
  if (policy.mode === 'fixed') return policy.seconds;
  const even = durationSeconds / (Math.max(1, slots) * SEGMENTS_PER_SLOT);
  return Math.min(LONGEST_SEGMENT_SECONDS, Math.max(MINIMUM_SEGMENT_SECONDS, even));
}

/**
 * The moments, in seconds from the beginning, before which keyframes are looked for. More of them than there will be
 * cuts when that is cheap: `chooseCuts` takes the ones that balance best. Empty when nothing is to be cut.
 */
export function cutTargets(facts: CutFacts): number[] {
  const { durationSeconds, policy } = facts;
  if (policy.mode === 'off') return [];
  const length = segmentSeconds(facts);
  if (policy.mode === 'auto' && durationSeconds < 2 * MINIMUM_SEGMENT_SECONDS) return [];
  const fine = policy.mode === 'auto' && durationSeconds / length <= FINE_LOOK_LIMIT;
  const step = fine ? length / 2 : length;
  const count = Math.ceil(durationSeconds / step - 1e-9) - 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => (index + 1) * step);
}
