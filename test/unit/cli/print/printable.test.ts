import { expect, test } from 'vitest';
import { printable } from '../../../../services/cli/print/printable.ts';

test('a file name cannot steer the terminal or break the line', () => {
  expect(printable('a\x1b[2Jb\nc\x9b1m\u202e\x7f')).toBe('a\\u001b[2Jb\\nc\\u009b1m\\u202e\\u007f');
});

test('letters of all languages stay as they are', () => {
  expect(printable('Grüße 映画 🎬 "x" \\')).toBe('Grüße 映画 🎬 "x" \\');
});
