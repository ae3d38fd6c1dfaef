/** The least of the numbers that so large a share of them (0 to 1) does not exceed (nearest rank); undefined: there are none. */
export function percentile(numbers: readonly number[], share: number): number | undefined {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
