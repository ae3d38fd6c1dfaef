import { describe, expect, it } from 'vitest';
import { chooseCuts } from '../../../../shared/job/plan/choose-cuts.ts';
import { facts, media, request, video } from './sample-facts.ts';

const TICKS = 12_800;
const every = (seconds: number, until: number) =>
  Array.from({ length: Math.ceil(until / seconds) - 1 }, (_, index) => Math.round((index + 1) * seconds * TICKS));

function lengths(cuts: readonly number[], durationSeconds: number): number[] {
  const edges = [0, ...cuts.map((ticks) => ticks / TICKS), durationSeconds];
  return edges.slice(1).map((edge, index) => edge - (edges[index] ?? 0));
}

const cutsOf = (durationSeconds: number, keyframes: readonly number[], slots = 2) =>
  lengths(
    chooseCuts(facts({ media: media([video()], { duration_seconds: durationSeconds }), keyframes, slots })),
    durationSeconds,
  );

describe('the cuts', () => {
  it('make a number of segments that the slots finish together', () => {
    expect(cutsOf(60, every(2, 60))).toEqual([10, 10, 10, 10, 10, 10]);
    expect(cutsOf(60, every(5, 60), 3)).toEqual([10, 10, 10, 10, 10, 10]);
  });

  it('leave no segment under ten seconds, whatever the keyframes', () => {
    for (const gap of [0.04, 0.5, 1, 3, 4.17, 7, 8.33, 9.9, 11, 20])
      for (const duration of [20, 21, 33, 60, 95, 600])
        for (const seconds of cutsOf(duration, every(gap, duration))) expect(seconds).toBeGreaterThanOrEqual(9.999);
  });

  it('balance the slots as well as far keyframes allow', () => {
    const segments = cutsOf(60, every(8.33, 60)).toSorted((a, b) => b - a);
    let [one, two] = [0, 0];
    for (const seconds of segments) {
      if (one <= two) one += seconds;
      else two += seconds;
    }
    expect(Math.max(one, two)).toBeLessThan(34);
  });

  it('are counted from where the file begins', () => {
    const info = media([video({ start_ticks: 3600 * TICKS })], { start_seconds: 3600 });
    const keyframes = every(2, 60).map((ticks) => ticks + 3600 * TICKS);
    expect(chooseCuts(facts({ media: info, keyframes }))[0]).toBe(3610 * TICKS);
  });

  it('are every keyframe that was found when a length is asked for', () => {
    const asked = request('h264', {}, { segment: { mode: 'fixed', seconds: 2 } });
    expect(chooseCuts(facts({ request: asked, keyframes: [2, 4, 5] }))).toEqual([2, 4, 5]);
  });

  it('are none without keyframes', () => {
    expect(chooseCuts(facts({ keyframes: [] }))).toEqual([]);
  });
});
