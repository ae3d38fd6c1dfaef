import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDirectory } from '../../../shared/runtime/lock-directory.ts';

let folder: string;
let holder: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ffmill-lock-'));
});
afterEach(() => {
  holder?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Another process that takes the lock, keeps nothing of it, says so, and then lives until it is killed. */
async function otherHolder() {
  const program = `const { lockDirectory } = await import(${JSON.stringify(join(import.meta.dirname, '../../../shared/runtime/lock-directory.ts'))});
    lockDirectory(${JSON.stringify(folder)}); gc(); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holder = child;
  await once(child.stdout, 'data');
  return child;
}

test('a folder can be taken again after it was given back', () => {
  lockDirectory(folder).release();
  const lock = lockDirectory(folder);
  lock.release();
  lock.release();
});

test('a second process is refused until the first has died, however it dies', async () => {
  const other = await otherHolder();
  expect(() => lockDirectory(folder)).toThrow(expect.objectContaining({ code: 'data_dir_in_use' }));
  other.kill('SIGKILL');
  await once(other, 'exit');
  lockDirectory(folder).release();
});
