import { describe, expect, it } from 'vitest';
import { type Measured, predictBits, shareBits } from '../../../../shared/job/plan/share-bits.ts';

/** A stretch of ten seconds that took so many bits a second in its first pass. */
function stretch(rate: number, changes: Partial<Measured> = {}): Measured {
  const bits = rate * 10;
  const complexity = { texture_bits: bits * 0.8, motion_bits: bits * 0.15, other_bits: bits * 0.05 };
  return { complexity, seconds: 10, limit: null, ...changes };
}

const meanOf = (shares: readonly number[], stretches: readonly Measured[]) => {
  const seconds = stretches.reduce((sum, { seconds }) => sum + seconds, 0);
  return shares.reduce((sum, share, index) => sum + share * (stretches[index]?.seconds ?? 0), 0) / seconds;
};

describe('the shares of an average bit rate', () => {
  it.each([600_000, 2_000_000, 40_000_000])('are %d together, whatever the first passes took', (target) => {
    const stretches = [stretch(200_000), stretch(5_000_000, { seconds: 47 }), stretch(900_000, { seconds: 3.2 })];
    const mean = meanOf(shareBits(stretches, target), stretches);
    expect(Math.abs(mean - target)).toBeLessThanOrEqual(500); // rounding to kilobits
  });

  it('follow what the stretches took at one quality', () => {
    const [easy = 0, hard = 0] = shareBits([stretch(300_000), stretch(2_700_000)], 1_000_000);
    expect(hard / easy).toBeCloseTo(9, 1);
  });

  it('are equal for equal stretches, and whole kilobits', () => {
    expect(shareBits([stretch(1_234_567), stretch(1_234_567)], 777_777)).toEqual([778_000, 778_000]);
  });

  it('leave to the others what a limit keeps from one', () => {
    const stretches = [stretch(500_000), stretch(4_500_000, { limit: 1_400_500 })];
    expect(shareBits(stretches, 1_000_000)).toEqual([600_000, 1_400_000]);
  });

  it('never fall below what the headers take, though the sum is then more', () => {
    const empty = { texture_bits: 0, motion_bits: 0, other_bits: 34_000 };
    expect(shareBits([stretch(0, { complexity: empty })], 1_000)).toEqual([6_000]);
  });

  it('of a file with nothing in it end at what there is to give', () => {
    const nothing = { texture_bits: 0, motion_bits: 0, other_bits: 0 };
    expect(shareBits([stretch(0, { complexity: nothing })], 1_000_000)).toEqual([2_000]);
  });
});

it('bits answer to the quantiser as x264 predicts', () => {
  expect(predictBits({ texture_bits: 1000, motion_bits: 100, other_bits: 10 }, 1)).toBe(1110);
  expect(predictBits({ texture_bits: 1000, motion_bits: 100, other_bits: 10 }, 4)).toBeCloseTo(4594.8 + 200 + 10, 0);
});
