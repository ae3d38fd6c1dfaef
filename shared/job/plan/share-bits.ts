import type { Complexity } from '../task-result.ts';

/** A measured stretch of the file. `limit` is the most it may have, in bits a second; null: no limit. */
export type Measured = {
  readonly complexity: Complexity;
  readonly seconds: number;
  readonly limit: number | null;
};

/** Both encoders count whole kilobits. */
const UNIT = 1000;
/** They refuse a rate below what their headers take, counted in whole kilobits. */
const FLOOR_UNITS = 2;
/** So many halvings of an interval between 2^-40 and 2^40 leave nothing to choose. */
const HALVINGS = 100;

/**
 * The bits a second of each stretch so that all together are `target` bits a second: every stretch is quantised more
 * finely by the same factor than in its first pass, so the hard ones get more. In whole thousands, never less than the
 * headers of the stretch take and never more than its limit; where these leave no choice the sum is another.
 */
export function shareBits(stretches: readonly Measured[], target: number): number[] {
  const total = target * sum(stretches.map(({ seconds }) => seconds));
  const ratesAt = (finer: number) => stretches.map((stretch) => rateOf(stretch, finer));
  const bitsAt = (finer: number) => sum(ratesAt(finer).map((rate, index) => rate * (stretches[index]?.seconds ?? 0)));
  let [low, high] = [-40, 40];
  for (let count = 0; count < HALVINGS; count++) {
    const middle = (low + high) / 2;
    if (bitsAt(2 ** middle) < total) low = middle;
    else high = middle;
  }
  return ratesAt(2 ** high).map((rate) => Math.round(rate / UNIT) * UNIT);
}

/**
 * Bits at a quantiser step that is `finer` times finer: the predictor of x264 and x265 (`qscale2bits` in their
 * ratecontrol.c and ratecontrol.cpp), with the sums of the frames for the frames.
 */
export function predictBits({ texture_bits, motion_bits, other_bits }: Complexity, finer: number): number {
  return texture_bits * finer ** 1.1 + motion_bits * finer ** 0.5 + other_bits;
}

function rateOf(stretch: Measured, finer: number): number {
  const wanted = predictBits(stretch.complexity, finer) / stretch.seconds;
  return Math.min(Math.max(wanted, floorOf(stretch)), highestOf(stretch));
}

function floorOf({ complexity, seconds }: Measured): number {
  return (Math.ceil(complexity.other_bits / seconds / UNIT) + FLOOR_UNITS) * UNIT;
}

function highestOf({ limit }: Measured): number {
  return limit === null ? Number.POSITIVE_INFINITY : Math.max(UNIT, Math.floor(limit / UNIT) * UNIT);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
