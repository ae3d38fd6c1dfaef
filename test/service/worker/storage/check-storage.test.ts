import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkStorage } from '../../../../services/worker/storage/check-storage.ts';
import { openRoots } from '../../../../services/worker/storage/open-roots.ts';
import { mount, unmount } from '../../../support/mount.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const look = (folder: string, { mounted = false, write = true } = {}) =>
  checkStorage({ variable: 'media', folder, mounted }, { write }).ended;

test('a folder that is there and takes files is fine', async () => {
  const folder = join(await temporaryFolder(), `-it's "odd" %d\n`);
  await mkdir(folder);
  expect(await look(folder)).toBe('fine');
});

test('a folder that was moved away is gone', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'a'));
  await rename(join(folder, 'a'), join(folder, 'b'));
  expect(await look(join(folder, 'a'))).toBe('gone');
});

test('a mount that is gone is gone, though its folder is there', async () => {
  const folder = await temporaryFolder();
  mount(folder, 'size=1m');
  const [root] = await openRoots({ media: folder });
  expect(root?.mounted).toBe(true);
  expect(await look(folder, { mounted: true })).toBe('fine');
  unmount(folder);
  expect(await look(folder, { mounted: true })).toBe('gone');
});

test('storage that became read-only is unwritable, for those who must write', async () => {
  const folder = await temporaryFolder();
  mount(folder, 'size=1m,ro');
  onTestFinished(() => unmount(folder));
  expect(await look(folder)).toBe('unwritable');
  expect(await look(folder, { write: false })).toBe('fine');
});

test('every folder that is not there at the start is named', async () => {
  const folder = await temporaryFolder();
  const roots = openRoots({ a: folder, b: join(folder, 'b'), c: join(folder, 'c') });
  await expect(roots).rejects.toThrow(
    [
      `  FFMILL_PATHS: b=${folder}/b: there is no such folder`,
      `  FFMILL_PATHS: c=${folder}/c: there is no such folder`,
    ].join('\n'),
  );
});
