/** Keeps the last `limit` of the lines it is given. */
export function keepTail(limit: number): { add(line: string): void; lines(): string[] } {
  const lines: string[] = [];
  return {
    add(line) {
      lines.push(line);
      if (lines.length > limit) lines.shift();
    },
    lines: () => [...lines],
  };
}
