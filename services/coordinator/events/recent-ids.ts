/** Tells whether an id comes for the first time, as far as it remembers: the last `limit` of them. */
export function createRecentIds(limit: number): (id: string) => boolean {
  const ids = new Set<string>();
  return (id) => {
    if (ids.has(id)) return false;
    ids.add(id);
    // In the order in which they came: the first is the oldest.
    if (ids.size > limit) for (const oldest of ids) return ids.delete(oldest);
    return true;
  };
}
