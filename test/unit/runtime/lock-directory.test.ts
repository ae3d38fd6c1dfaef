import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDirectory } from '../../../shared/runtime/lock-directory.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ffmill-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Another process that takes the lock, says so, and then lives until it is killed. */
async function otherHolder() {
  const program = `const { lockDirectory } = await import(${JSON.stringify(join(import.meta.dirname, '../../../shared/runtime/lock-directory.ts'))});
    lockDirectory(${JSON.stringify(folder)}); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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
  const holder = await otherHolder();
  expect(() => lockDirectory(folder)).toThrow(expect.objectContaining({ code: 'data_dir_in_use' }));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  lockDirectory(folder).release();
});
