import { mainVideo, ticksToSeconds } from '../media.ts';
import { MINIMUM_SEGMENT_SECONDS, segmentSeconds } from './cut-targets.ts';
import { originSeconds } from './origin.ts';
import type { PlanFacts } from './plan-facts.ts';

/** What starting one more segment costs, in seconds of media: the process, and the frames decoded before the cut. */
const SEGMENT_COST_SECONDS = 0.5;

/**
 * Where the video is cut: keyframes of the source in ticks, ascending, without the beginning. A fixed length takes
 * every keyframe that was found; else the count is chosen with which the slots finish soonest, each segment at least as
 * long as the minimum.
 */
export function chooseCuts({ probe, request, slots }: PlanFacts): readonly number[] {
  const video = mainVideo(probe.media);
  const durationSeconds = probe.media.duration_seconds;
  if (video === undefined || durationSeconds === null || request.segment.mode === 'off') return [];
  if (request.segment.mode === 'fixed') return probe.keyframes;

  const begin = originSeconds(probe.media);
  const candidates = probe.keyframes.map((ticks) => ({ ticks, at: ticksToSeconds(ticks, video.time_base) - begin }));
  const wanted = durationSeconds / segmentSeconds({ durationSeconds, policy: request.segment, slots });
  const least = Math.max(2, Math.floor(wanted));
  const counts = Array.from({ length: Math.max(2, slots) + 1 }, (_, index) => least + index);
  const plans = counts.map((count) => evenCuts(candidates, durationSeconds, count));
  const finish = plans.map((cuts) => finishSeconds(lengths(cuts, durationSeconds), slots));
  const best = finish.indexOf(Math.min(...finish));
  return (plans[best] ?? []).map((cut) => cut.ticks);
}

type Cut = { readonly ticks: number; readonly at: number };

/** Of the candidates those nearest to `count` equal lengths; none that would leave a segment too short. */
function evenCuts(candidates: readonly Cut[], durationSeconds: number, count: number): Cut[] {
  const cuts: Cut[] = [];
  for (let index = 1; index < count; index++) {
    const target = (durationSeconds * index) / count;
    const from = cuts.at(-1)?.at ?? 0;
    const usable = candidates.filter(
      ({ at }) => at - from >= MINIMUM_SEGMENT_SECONDS - 1e-6 && durationSeconds - at >= MINIMUM_SEGMENT_SECONDS - 1e-6,
    );
    const nearest = usable.toSorted((a, b) => Math.abs(a.at - target) - Math.abs(b.at - target))[0];
    if (nearest !== undefined) cuts.push(nearest);
  }
  return cuts;
}

function lengths(cuts: readonly Cut[], durationSeconds: number): number[] {
  const edges = [0, ...cuts.map((cut) => cut.at), durationSeconds];
  return edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0));
}

/** When the last of `slots` equal machines is done if each takes the longest segment that is left. */
function finishSeconds(segments: readonly number[], slots: number): number {
  const busyUntil = new Array<number>(Math.max(1, slots)).fill(0);
  for (const segment of segments.toSorted((a, b) => b - a)) {
    const first = busyUntil.indexOf(Math.min(...busyUntil));
    busyUntil[first] = (busyUntil[first] ?? 0) + segment + SEGMENT_COST_SECONDS;
  }
  return Math.max(...busyUntil);
}
