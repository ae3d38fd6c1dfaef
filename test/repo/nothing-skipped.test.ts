import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT } from './repo-files.ts';

const reporter = path.join(ROOT, 'test/support/reporters/nothing-skipped.ts');
// Put together here, because the linter rightly objects to the real thing.
const skippedTest = `test.${'skip'}('later', () => {});`;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ffmill-skipped-'));
  await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function runVitest(tests: string, env: { CI: string }) {
  await writeFile(path.join(folder, 'a.test.ts'), `import { describe, test } from 'vitest';\n${tests}\n`);
  const args = ['run', '--root', folder, '--reporter=default', `--reporter=${reporter}`];
  return execa(process.execPath, [path.join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], {
    env: { ...env, VITEST: '', NO_COLOR: '1', FORCE_COLOR: '' },
    cwd: folder,
    reject: false,
  });
}

test('in CI a skipped test fails the run and is named', async () => {
  const result = await runVitest(`test('now', () => {}); ${skippedTest}`, { CI: 'true' });
  expect(result.exitCode).toBe(1);
  expect(result.stderr).toContain('a.test.ts > later');
});

test('in CI a todo fails the run', async () => {
  const result = await runVitest(`test('now', () => {}); test.${'todo'}('later');`, { CI: 'true' });
  expect(result.exitCode).toBe(1);
});

test('in CI a skipped group fails the run', async () => {
  const group = `describe.${'skip'}('group', () => { test('inside', () => {}); });`;
  const result = await runVitest(`test('now', () => {}); ${group}`, { CI: 'true' });
  expect(result.exitCode).toBe(1);
});

test('in CI a run without a skipped test passes', async () => {
  expect((await runVitest(`test('now', () => {});`, { CI: 'true' })).exitCode).toBe(0);
});

test('at a desk a skipped test is no failure', async () => {
  expect((await runVitest(`test('now', () => {}); ${skippedTest}`, { CI: '' })).exitCode).toBe(0);
});
