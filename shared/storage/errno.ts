/** The system's name of what went wrong (`ENOENT`, `EEXIST` …); undefined for an error that is not the system's. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What a promise comes to, or undefined when it fails with one of these. */
export async function unlessErrno<Value>(
  codes: readonly string[],
  promise: Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await promise;
  } catch (error) {
    if (codes.includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
