import { expect, it } from 'vitest';
import { completeSegmentSpecs, type MeasuredInterval } from '../../../../shared/job/plan/complete-segment-specs.ts';
import { planEncode } from '../../../../shared/job/plan/plan-encode.ts';
import type { MeasureSpec } from '../../../../shared/job/task.ts';
import { facts, request } from './sample-facts.ts';

function measured(encode: Parameters<typeof request>[1], rates: readonly number[]): MeasuredInterval[] {
  const { tasks } = planEncode(facts({ request: request('h264', { crf: null, ...encode }) }));
  const specs = tasks.filter(({ kind }) => kind === 'measure').map(({ spec }) => spec as MeasureSpec);
  expect(specs).toHaveLength(6);
  return specs.map((spec, index) => ({
    spec,
    result: {
      first_pass: { prefix: `\${scratch}/job-1/pass-${index}`, files: [] },
      complexity: { texture_bits: (rates[index] ?? 1_000_000) * spec.expected_seconds, motion_bits: 0, other_bits: 0 },
      seconds: spec.expected_seconds,
    },
  }));
}

it('each segment is what was measured, with its share, its statistics and the level of the largest share', () => {
  const intervals = measured({ video_bitrate: 2_000_000 }, [9_000_000]);
  const specs = completeSegmentSpecs(intervals);
  expect(specs.map(({ rate }) => rate?.share)).toEqual([7_714_000, ...new Array(5).fill(857_000)]);
  expect(specs.map(({ start_ticks }) => start_ticks)).toEqual(intervals.map(({ spec }) => spec.start_ticks));
  expect(specs[0]).toMatchObject({
    kind: 'segment',
    rate: { mean: 2_000_000, limit: null, level: 40, seconds: 10, first_pass: { prefix: '${scratch}/job-1/pass-0' } },
  });
  expect(specs[0]).not.toHaveProperty('picture');
});

it('with a limit no share is above what a seam leaves of it', () => {
  const limit = { maxrate: 3_000_000, bufsize: 3_000_000 };
  const [hard, ...easy] = completeSegmentSpecs(measured({ video_bitrate: 2_000_000, ...limit }, [9_000_000]));
  expect(hard?.rate).toMatchObject({ share: 2_430_000, limit: { maxrate: 2_700_000, bufsize: 1_500_000 } });
  expect(easy.map(({ rate }) => rate?.share)).toEqual(new Array(5).fill(1_914_000));
});

it('a last segment of which hardly anything came keeps three quarters of the limit', () => {
  const intervals = measured({ video_bitrate: 2_000_000, maxrate: 3_000_000, bufsize: 3_000_000 }, []);
  const [last] = intervals.slice(-1);
  if (last === undefined) throw new Error('nothing was measured');
  for (const seconds of [1, 0.04]) {
    const specs = completeSegmentSpecs([...intervals.slice(0, -1), { ...last, result: { ...last.result, seconds } }]);
    expect(specs.at(-1)?.rate?.limit).toEqual({ maxrate: 2_250_000, bufsize: 1_500_000 });
    expect(specs.at(-1)?.rate?.share).toBeLessThanOrEqual(2_025_000);
  }
});
