import { existsSync } from 'node:fs';
import { mkdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFolders } from '../../../services/worker/folders.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('an empty folder goes with its last user', async () => {
  const path = join(await temporaryFolder(), 'job');
  await mkdir(path);
  const folders = createFolders();
  await Promise.all([folders.enter(path), folders.enter(path)]);
  await folders.leave(path);
  expect(existsSync(path)).toBe(true);
  await folders.leave(path);
  expect(existsSync(path)).toBe(false);
});

test('a folder with something in it stays', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  const folders = createFolders();
  await folders.enter(folder);
  await folders.leave(folder);
  expect(existsSync(folder)).toBe(true);
});

test('who enters while the folder is being removed finds it gone, not about to go', async () => {
  const path = join(await temporaryFolder(), 'job');
  const folders = createFolders();
  for (let round = 0; round < 50; round += 1) {
    await folders.enter(path);
    await mkdir(path, { recursive: true });
    const left = folders.leave(path);
    await folders.enter(path);
    await mkdir(path, { recursive: true });
    await left;
    await writeFile(join(path, 'file'), '');
    await unlink(join(path, 'file'));
    await folders.leave(path);
  }
});
