/** At most one of a key's events in `intervalMs`. Returns whether this one may pass. */
export type Throttle = (key: string, now: number) => boolean;

export function createThrottle(intervalMs: number): Throttle {
  const lastPassed = new Map<string, number>();
  return (key, now) => {
    const last = lastPassed.get(key);
    if (last !== undefined && now - last < intervalMs) return false;
    // Keys are kept in the order of their last pass: those at the front that no longer hold anything back can go.
    lastPassed.delete(key);
    lastPassed.set(key, now);
    for (const [old, passed] of lastPassed) {
      if (now - passed < intervalMs) break;
      lastPassed.delete(old);
    }
    return true;
  };
}
