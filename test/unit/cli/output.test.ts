import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { createOutput } from '../../../services/cli/output.ts';

function streams(isTTY = false) {
  const stdout = Object.assign(new PassThrough(), { isTTY });
  return { stdout, stderr: new PassThrough() };
}

test('with --json exactly one document reaches stdout, the first', async () => {
  const both = streams();
  const output = createOutput(both, { json: true, env: {} });
  output.say('on the way');
  output.answer({ a: 1 }, 'a is 1');
  output.answer({ error: 'late' }, '');
  both.stdout.end();
  expect(JSON.parse(await text(both.stdout))).toEqual({ a: 1 });
});

test('for people all is text, and diagnostics go to stderr', async () => {
  const both = streams();
  const output = createOutput(both, { json: false, env: {} });
  output.say('on the way');
  output.note('careful');
  output.answer({ a: 1 }, 'a is 1');
  both.stdout.end();
  both.stderr.end();
  expect(await text(both.stdout)).toBe('on the way\na is 1\n');
  expect(await text(both.stderr)).toBe('careful\n');
});

test('a reader that leaves is no error: the rest goes nowhere', async () => {
  const both = streams();
  const output = createOutput(both, { json: false, env: {} });
  both.stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await new Promise((resolve) => both.stdout.once('close', resolve));
  expect(output.readerGone.aborted).toBe(true);
  expect(() => output.say('anyone?')).not.toThrow();
});

test.each([
  { isTTY: false, json: false, env: {}, drawn: false },
  { isTTY: true, json: true, env: {}, drawn: false },
  { isTTY: true, json: false, env: { TERM: 'dumb' }, drawn: false },
  { isTTY: true, json: false, env: { TERM: 'xterm' }, drawn: true },
])('a terminal is drawn on: %o', ({ isTTY, json, env, drawn }) => {
  expect(createOutput(streams(isTTY), { json, env }).terminal !== null).toBe(drawn);
});

test('NO_COLOR is respected', () => {
  const colors = (env: Record<string, string>) => createOutput(streams(true), { json: false, env }).terminal?.colors;
  expect([colors({}), colors({ NO_COLOR: '1' }), colors({ NO_COLOR: '' })]).toEqual([true, false, true]);
});
