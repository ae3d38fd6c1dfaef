/** Half and nearly all of the values, in their unit. */
export type Percentiles = { readonly p50: number; readonly p95: number; readonly p99: number };

export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  return { p50: rank(sorted, 0.5), p95: rank(sorted, 0.95), p99: rank(sorted, 0.99) };
}

/** The smallest value that the given share of all does not exceed. */
function rank(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new Error('there are no percentiles of nothing');
  return value;
}
