import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLiveScreen } from '../../../../services/cli/progress/live-screen.ts';

/** What a terminal shows after these bytes: enough of one for cursor up, carriage return and the two erasures. */
function shown(bytes: string): string[] {
  const lines = [''];
  let row = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is read
  for (const token of bytes.match(/\x1b\[\??\d*[A-Za-z]|[\s\S]/g) ?? []) {
    if (token === '\n') row += 1;
    else if (token === '\r') continue;
    else if (token.endsWith('A') && token.length > 1) row -= Number(token.slice(2, -1));
    else if (token === '\x1b[J') lines.splice(row);
    else if (token === '\x1b[K' || token.startsWith('\x1b[?')) continue;
    else lines[row] = (fresh.has(row) ? (lines[row] ?? '') : '') + token;
    lines[row] ??= '';
    if (token === '\r' || token === '\n' || token.endsWith('A')) fresh.clear();
    else fresh.add(row);
  }
  return lines;
}
const fresh = new Set<number>();

describe('the live screen', () => {
  let written = '';
  const terminal = {
    colors: false,
    unicode: false,
    size: () => ({ columns: 80, rows: 24 }),
    write: (text: string) => {
      written += text;
    },
  };
  beforeEach(() => {
    written = '';
    fresh.clear();
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  test('draws in place: what was shown before is gone', () => {
    const screen = createLiveScreen(terminal);
    screen.show(['one', 'two', 'three']);
    vi.advanceTimersByTime(100);
    screen.show(['1', '2']);
    expect(shown(written)).toEqual(['1', '2', '']);
  });

  test('draws at most ten times a second, and the newest always in the end', () => {
    const screen = createLiveScreen(terminal);
    for (let shows = 0; shows < 50; shows += 1) {
      screen.show([`at ${shows}`]);
      vi.advanceTimersByTime(10);
    }
    const drawings = written.split('at ').length - 1;
    expect(drawings).toBeGreaterThan(3);
    expect(drawings).toBeLessThanOrEqual(6);
    screen.close();
    expect(shown(written)).toEqual(['at 49', '']);
  });

  test('says things above the bars', () => {
    const screen = createLiveScreen(terminal);
    screen.show(['bar']);
    screen.say('trouble');
    expect(shown(written)).toEqual(['trouble', 'bar', '']);
  });

  test('gives the cursor back once, and draws no more', () => {
    const screen = createLiveScreen(terminal);
    screen.show(['bar']);
    screen.close();
    screen.close();
    screen.show(['late']);
    expect(written.split('\x1b[?25h')).toHaveLength(2);
    expect(written.endsWith('\x1b[?25h')).toBe(true);
    expect(written).not.toContain('late');
  });
});
