import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createBench } from '../../support/ffmill-process.ts';
import { countFrames, makeTestClip } from '../../support/test-clip.ts';

const run = promisify(execFile);
const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));
const BIN = fileURLToPath(new URL('../../../bin/ffmill.mjs', import.meta.url));

const bench = createBench();
let env: Record<string, string> = {};

beforeAll(async () => {
  for (const folder of ['from', 'to', 'bin']) mkdirSync(join(bench.folder, folder));
  for (const name of ['one', 'two']) makeTestClip(join(bench.folder, 'from', `${name}.mp4`), { seconds: 1 });
  // The examples call the installed command.
  const command = join(bench.folder, 'bin', 'ffmill');
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  chmodSync(command, 0o755);

  const farm = bench.start(['up', '--port', '0']);
  await farm.said('Ctrl-C stops it');
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(farm.stdout())?.[0] ?? '';
  env = { ...bench.env, FFMILL_URL: url, PATH: `${join(bench.folder, 'bin')}:${process.env.PATH}` };
});
afterAll(() => bench.clear());

const example = async (name: string, ...args: string[]) =>
  (await run(join(EXAMPLES, name), args, { cwd: bench.folder, env })).stdout;

test('submit-with-curl.sh waits for the end of its job', async () => {
  expect(await example('submit-with-curl.sh', 'from/one.mp4', 'to/curl.mp4')).toMatch(/job \S+ is completed\n$/);
  expect(countFrames(join(bench.folder, 'to', 'curl.mp4'))).toBe(25);
});

test('watch.sh follows its job', async () => {
  expect(await example('watch.sh', 'from/one.mp4', 'to/watched.mp4')).toMatch(/^submitted job \d+\n[\s\S]*is there\n$/);
});

test('watch.sh explains a failure', async () => {
  const failed = example('watch.sh', 'from/none.mp4', 'to/none.mp4');
  await expect(failed).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining('input_missing') });
});

test('batch.sh transcodes a folder', async () => {
  await example('batch.sh', 'from', 'to');
  for (const name of ['one', 'two']) expect(countFrames(join(bench.folder, 'to', `${name}.mp4`))).toBe(25);
});
