import { percentile } from '../../support/percentile.ts';

/** Half and nearly all of the values, in their unit. */
export type Percentiles = { readonly p50: number; readonly p95: number; readonly p99: number };

/** @throws Error when there are no values. */
export function percentilesOf(values: readonly number[]): Percentiles {
  const [p50, p95, p99] = [percentile(values, 0.5), percentile(values, 0.95), percentile(values, 0.99)];
  if (p50 === undefined || p95 === undefined || p99 === undefined)
    throw new Error('there are no percentiles of nothing');
  return { p50, p95, p99 };
}
