import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeLeftovers } from '../../../../services/cli/transcode/remove-leftovers.ts';
import { lockDirectory } from '../../../../shared/runtime/lock-directory.ts';

const DAY = 24 * 3600;
const now = Date.parse('2026-05-10T00:00:00Z');
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ffmill-leftovers-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function leave(name: string, ages: { folderDays: number; fileDays: number }): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'ffmill.sqlite'), '');
  utimesSync(join(path, 'ffmill.sqlite'), now / 1000, now / 1000 - ages.fileDays * DAY);
  utimesSync(path, now / 1000, now / 1000 - ages.folderDays * DAY);
  return path;
}

test('a folder in which nothing changed for more than a week is removed', async () => {
  const old = leave('old', { folderDays: 9, fileDays: 8 });
  await removeLeftovers(folder, now);
  expect(existsSync(old)).toBe(false);
});

test('a folder with a younger file is kept', async () => {
  const young = leave('young', { folderDays: 9, fileDays: 6 });
  await removeLeftovers(folder, now);
  expect(existsSync(young)).toBe(true);
});

test('a folder that a process holds is kept, and the others still go', async () => {
  const held = join(folder, 'held');
  const lock = lockDirectory(held);
  const farFuture = Date.now() + 30 * DAY * 1000;
  const old = leave('old', { folderDays: 9, fileDays: 8 });
  await removeLeftovers(folder, farFuture);
  lock.release();
  expect([existsSync(held), existsSync(old)]).toEqual([true, false]);
});

test('there may be nothing at all', async () => {
  await expect(removeLeftovers(join(folder, 'absent'), now)).resolves.toBeUndefined();
});
