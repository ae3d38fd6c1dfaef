import { describe, expect, it } from 'vitest';
import { cutTargets, segmentSeconds } from '../../../../shared/job/plan/cut-targets.ts';

const auto = { mode: 'auto' } as const;

describe('the length of segments', () => {
  it.each([
    [60, 2, 10],
    [240, 2, 30],
    [7200, 2, 60],
    [7200, 64, 28.125],
    [60, 64, 10],
  ])('%i s on %i slots: %d s', (durationSeconds, slots, seconds) => {
    expect(segmentSeconds({ durationSeconds, policy: auto, slots })).toBe(seconds);
  });
});

describe('where keyframes are looked for', () => {
  it('is twice as dense as the cuts will be on short files', () => {
    expect(cutTargets({ durationSeconds: 60, policy: auto, slots: 2 })).toEqual([
      5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55,
    ]);
  });

  it('is as dense as the cuts on long files', () => {
    const targets = cutTargets({ durationSeconds: 7200, policy: auto, slots: 2 });
    expect(targets.length).toBe(119);
    expect(targets.at(-1)).toBe(7140);
  });

  it('is at the seconds asked for, however short', () => {
    expect(cutTargets({ durationSeconds: 5, policy: { mode: 'fixed', seconds: 2 }, slots: 2 })).toEqual([2, 4]);
    expect(cutTargets({ durationSeconds: 4, policy: { mode: 'fixed', seconds: 2 }, slots: 2 })).toEqual([2]);
  });

  it('is nowhere when nothing is to be cut', () => {
    expect(cutTargets({ durationSeconds: 60, policy: { mode: 'off' }, slots: 2 })).toEqual([]);
    expect(cutTargets({ durationSeconds: 19, policy: auto, slots: 2 })).toEqual([]);
    expect(cutTargets({ durationSeconds: 1, policy: { mode: 'fixed', seconds: 2 }, slots: 2 })).toEqual([]);
  });
});
