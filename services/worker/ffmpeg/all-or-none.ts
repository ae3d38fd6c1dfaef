/**
 * Runs work that starts several processes at once. When one fails, the others are stopped by the signal the work was
 * given.
 */
export async function allOrNone<Result>(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stop = new AbortController();
  try {
    return await work(AbortSignal.any([signal, stop.signal]));
  } finally {
    stop.abort();
  }
}
