import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { type PathNames, pathNames } from '../../../shared/storage/path-names.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let folder = '';
let media = '';
let outside = '';
let names: PathNames;

beforeEach(async () => {
  folder = await temporaryFolder();
  [media, outside] = [join(folder, 'media'), join(folder, 'outside')];
  await mkdir(media);
  await mkdir(outside);
  names = withRoot(media);
});

const withRoot = (root: string, mounted = false) =>
  pathNames([{ variable: 'media', folder: root, mounted }], { absolute: false });
const code = (name: string) => expect.objectContaining({ code: name });
const leadsOut = (name: string) =>
  expect.objectContaining({
    code: 'invalid_path',
    message: `${JSON.stringify(name)} leads out of \${media} by a symbolic link`,
  });

test('a name is the path below the folder of its variable', async () => {
  await writeFile(join(media, 'in.mkv'), '');
  expect(await names.locate('${media}/in.mkv')).toBe(join(media, 'in.mkv'));
  expect(await names.locate('${media}//a/./b/../c.mkv')).toBe(join(media, 'a/c.mkv'));
  expect(await names.locate('${media}/not/yet/there.mp4', 'keep')).toBe(join(media, 'not/yet/there.mp4'));
});

test.for(['${media}/../x', '${media}/a/../../x', '${media}/..', '/etc/passwd', 'in.mkv', '${Media}/x', '${media}x/y'])(
  'the name %j is refused',
  async (name) => {
    await expect(names.locate(name)).rejects.toEqual(code('invalid_path'));
  },
);

test('a variable that this machine does not have is no fault of the name', async () => {
  await expect(names.locate('${films}/in.mkv')).rejects.toEqual(code('storage_failed'));
});

test.for([
  'a b.mkv',
  `it's "quoted" \`so\`.mkv`,
  'two\nlines.mkv',
  '%d %03d.mkv',
  '-i.mkv',
  'Füße 映画 🎬.mkv',
  `${'x'.repeat(251)}.mkv`,
  '..hidden.mkv',
  '$(reboot);|&.mkv',
  '${media}.mkv',
])('the name %j is a name like others', async (name) => {
  await writeFile(join(media, name), 'here');
  expect(await readFile(await names.locate(`\${media}/${name}`), 'utf8')).toBe('here');
});

describe('a link', () => {
  test('to a file outside is refused', async () => {
    await writeFile(join(outside, 'secret'), '');
    await symlink(join(outside, 'secret'), join(media, 'in.mkv'));
    await expect(names.locate('${media}/in.mkv')).rejects.toEqual(leadsOut('${media}/in.mkv'));
  });

  test('to a folder outside in the middle is refused, whether the file is there or not', async () => {
    await symlink('../outside', join(media, 'films'));
    await expect(names.locate('${media}/films/a/out.mp4', 'keep')).rejects.toEqual(
      leadsOut('${media}/films/a/out.mp4'),
    );
    await writeFile(join(outside, 'in.mkv'), '');
    await expect(names.locate('${media}/films/in.mkv')).rejects.toEqual(leadsOut('${media}/films/in.mkv'));
  });

  test('that was swapped in after a first look is refused at the second', async () => {
    await mkdir(join(media, 'films'));
    const name = '${media}/films/out.mp4';
    expect(await names.locate(name, 'keep')).toBe(join(media, 'films/out.mp4'));
    await rename(join(media, 'films'), join(media, 'before'));
    await symlink(outside, join(media, 'films'));
    await expect(names.locate(name, 'keep')).rejects.toEqual(leadsOut(name));
  });

  test('that leads nowhere counts as where it would lead', async () => {
    await symlink(join(outside, 'to/come'), join(media, 'out'));
    await symlink('nowhere.mkv', join(media, 'in.mkv'));
    await expect(names.locate('${media}/out')).rejects.toEqual(leadsOut('${media}/out'));
    await expect(names.locate('${media}/out/a.mp4', 'keep')).rejects.toEqual(leadsOut('${media}/out/a.mp4'));
    expect(await names.locate('${media}/in.mkv')).toBe(join(media, 'nowhere.mkv'));
  });

  test('to a neighbour whose name begins as the root’s does is refused', async () => {
    await mkdir(join(folder, 'media-private'));
    await symlink('../media-private', join(media, 'films'));
    await expect(names.locate('${media}/films/in.mkv')).rejects.toEqual(leadsOut('${media}/films/in.mkv'));
  });

  test('that stays inside is followed', async () => {
    await mkdir(join(media, 'archive'));
    await symlink('archive', join(media, 'films'));
    await symlink(join(media, 'archive/in.mkv'), join(media, 'in.mkv'));
    await writeFile(join(media, 'archive/in.mkv'), '');
    expect(await names.locate('${media}/in.mkv')).toBe(join(media, 'archive/in.mkv'));
    expect(await names.locate('${media}/films/out.mp4', 'keep')).toBe(join(media, 'archive/out.mp4'));
  });

  test('under the very name that is going to be replaced is kept', async () => {
    await symlink(join(outside, 'old.mp4'), join(media, 'out.mp4'));
    expect(await names.locate('${media}/out.mp4', 'keep')).toBe(join(media, 'out.mp4'));
  });

  test('to itself leads nowhere else', async () => {
    await symlink('round', join(media, 'round'));
    expect(await names.locate('${media}/round/in.mkv')).toBe(join(media, 'round/in.mkv'));
  });

  test('may be what the variable itself stands for', async () => {
    await symlink('media', join(folder, 'current'));
    await writeFile(join(media, 'in.mkv'), '');
    await symlink(outside, join(media, 'films'));
    const linked = withRoot(join(folder, 'current'));
    expect(await linked.locate('${media}/in.mkv')).toBe(join(media, 'in.mkv'));
    await expect(linked.locate('${media}/films/x')).rejects.toEqual(leadsOut('${media}/films/x'));
  });
});

test('a root that is gone is the storage’s fault, whatever the name', async () => {
  await rm(media, { recursive: true });
  await expect(names.locate('${media}/in.mkv')).rejects.toMatchObject({
    code: 'storage_failed',
    message: 'the storage of ${media} is gone from this worker',
  });
  await expect(names.checkRoots(['${media}/in.mkv', '/own'])).rejects.toEqual(code('storage_failed'));
});

test('the bare folder of a mount that is gone is not the root', async () => {
  await expect(withRoot(media, true).locate('${media}/in.mkv')).rejects.toEqual(code('storage_failed'));
  expect(await withRoot('/proc', true).locate('${media}/version')).toBe('/proc/version');
});

test('a machine that takes absolute names takes them as they are', async () => {
  const own = pathNames([], { absolute: true });
  await symlink(outside, join(media, 'films'));
  expect(await own.locate(join(media, 'films/../in.mkv'))).toBe(join(media, 'in.mkv'));
  await expect(own.locate('in.mkv')).rejects.toEqual(code('invalid_path'));
});
