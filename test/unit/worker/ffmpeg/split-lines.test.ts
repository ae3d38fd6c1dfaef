import { expect, test } from 'vitest';
import { splitLines } from '../../../../services/worker/ffmpeg/split-lines.ts';

function linesOf(...chunks: readonly (string | Uint8Array)[]): string[] {
  const lines: string[] = [];
  const splitter = splitLines((line) => lines.push(line));
  for (const chunk of chunks) splitter.write(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  splitter.end();
  return lines;
}

test('a line ends at LF, at CR and at both', () => {
  expect(linesOf('one\ntwo\rthree\r\nfour\n')).toEqual(['one', 'two', 'three', 'four']);
});

test('a line that comes in pieces is put together', () => {
  expect(linesOf('fra', 'me=', '12\nfp')).toEqual(['frame=12', 'fp']);
});

test('a character that is cut between two chunks survives', () => {
  const bytes = Buffer.from('größe\n');
  expect(linesOf(bytes.subarray(0, 3), bytes.subarray(3))).toEqual(['größe']);
});

test('a line beyond 4000 characters is cut and the next one is whole', () => {
  const [long, next] = linesOf('x'.repeat(3999), 'yz'.repeat(5000), '\nnext\n');
  expect(long).toBe(`${'x'.repeat(3999)}y`);
  expect(next).toBe('next');
});
