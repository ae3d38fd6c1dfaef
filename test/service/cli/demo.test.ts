import { execFile } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { makeClip } from '../../../services/cli/demo/make-clip.ts';
import { createBench } from '../../support/ffmill-process.ts';
import { countFrames, makeTestClip } from '../../support/test-clip.ts';

const DEMO = fileURLToPath(new URL('../../../services/cli/demo.ts', import.meta.url));
const bench = createBench();
afterAll(() => bench.clear());

test('the demo transcodes the caller’s file, from where npm was called, and says what to try next', async () => {
  makeTestClip(join(bench.folder, 'in.mp4'), { seconds: 1 });
  const npm = { npm_lifecycle_event: 'demo', INIT_CWD: bench.folder, FFMILL_URL: 'http://127.0.0.1:3' };
  const { stdout } = await promisify(execFile)(process.execPath, [DEMO, 'in.mp4', 'out.mp4'], {
    cwd: '/',
    env: { ...bench.env, ...npm },
  });
  expect(stdout).toMatch(/^\$ ffmill transcode in.mp4 out.mp4\n[\s\S]*completed[\s\S]*Try next:/);
  expect(countFrames(join(bench.folder, 'out.mp4'))).toBe(25);
});

test('the demo’s own clip lasts 60 s at 30 pictures a second, and is made once', async () => {
  const path = join(bench.folder, 'demo', 'clip.mp4');
  await makeClip(path);
  expect(countFrames(path)).toBe(1800);
  const begun = performance.now();
  await makeClip(path);
  expect(performance.now() - begun).toBeLessThan(100);
});
