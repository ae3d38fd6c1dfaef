import { link, mkdir, readdir, readFile, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import { identifyFile } from '../../../shared/storage/file-identity.ts';
import { type Publication, publishPart } from '../../../shared/storage/publish-part.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A verified part beside its output, and the decision to publish it. */
async function decided(change: Partial<Publication> = {}): Promise<Publication> {
  const folder = await temporaryFolder();
  const winner = newId<AttemptId>();
  const parts = join(folder, '.ffmill-job');
  const part = join(parts, `transcode.${winner}.part`);
  const source = join(folder, 'in.mp4');
  await mkdir(parts);
  await writeFile(part, 'the winner’s');
  await writeFile(source, 'the source');
  const { inode = '', sizeBytes = 0 } = (await identifyFile(part)) ?? {};
  const paths = { parts, part, source, final: join(folder, 'out.mp4') };
  return { kind: 'transcode', winner, ...paths, overwrite: false, begun: false, inode, sizeBytes, ...change };
}

const read = (path: string) => readFile(path, 'utf8');
const folderOf = ({ source }: Publication) => readdir(join(source, '..'));
const noLinks = async () => {
  throw Object.assign(new Error('no hard links here'), { code: 'EPERM' });
};

test('a part is put under the final name and nothing else stays', async () => {
  const publication = await decided();
  expect(await publishPart(publication)).toBe('published');
  expect(await read(publication.final)).toBe('the winner’s');
  expect(await folderOf(publication)).toEqual(['in.mp4', 'out.mp4']);
});

test('publishing twice is publishing once', async () => {
  const publication = await decided();
  await publishPart(publication);
  expect(await publishPart(publication)).toBe('published');
  expect(await read(publication.final)).toBe('the winner’s');
});

test('a file that stands under the name is not replaced', async () => {
  const publication = await decided();
  await writeFile(publication.final, 'somebody’s');
  await expect(publishPart(publication)).rejects.toMatchObject({ code: 'output_exists' });
  expect(await read(publication.final)).toBe('somebody’s');
  expect(await read(publication.part)).toBe('the winner’s');
});

test('a file that stands under the name is replaced when that is wanted', async () => {
  const publication = await decided({ overwrite: true });
  await writeFile(publication.final, 'somebody’s');
  expect(await publishPart(publication)).toBe('published');
  expect(await read(publication.final)).toBe('the winner’s');
  expect(await folderOf(publication)).toEqual(['in.mp4', 'out.mp4']);
});

test('a name that is already the part’s own file is success', async () => {
  const publication = await decided();
  await link(publication.part, publication.final);
  expect(await publishPart(publication)).toBe('published');
  expect(await folderOf(publication)).toEqual(['in.mp4', 'out.mp4']);
});

test('a part that is gone while the final name is its file is success', async () => {
  const publication = await decided();
  await link(publication.part, publication.final);
  await unlink(publication.part);
  expect(await publishPart(publication)).toBe('published');
});

test('a part that is gone is not made good by another’s file under the name', async () => {
  const publication = await decided();
  await writeFile(publication.final, 'somebody’s');
  await unlink(publication.part);
  expect(await publishPart(publication)).toBe('vanished');
  expect(await read(publication.final)).toBe('somebody’s');
});

test('with neither part nor file nothing is published', async () => {
  const publication = await decided();
  await unlink(publication.part);
  expect(await publishPart(publication)).toBe('vanished');
});

test('the parts of other attempts are gone before the winner’s is published', async () => {
  const publication = await decided();
  const zombie = join(publication.parts, `transcode.${newId()}.part`);
  await writeFile(zombie, 'a zombie’s');
  const seen: string[][] = [];
  await publishPart(publication, {
    link: async (from, to) => {
      seen.push(await readdir(publication.parts));
      await link(from, to);
    },
  });
  expect(seen).toEqual([[`transcode.${publication.winner}.part`]]);
});

test('files of other tasks stay, and without a part of its own nobody fences', async () => {
  const publication = await decided();
  const [other, younger] = [`assemble.${newId()}.part`, `transcode.${newId()}.part`];
  await writeFile(join(publication.parts, other), '');
  await writeFile(join(publication.parts, younger), '');
  await unlink(publication.part);
  expect(await publishPart(publication)).toBe('vanished');
  expect((await readdir(publication.parts)).sort()).toEqual([other, younger].sort());
});

test.for([
  ['a hard link', link],
  ['a symbolic link', symlink],
] as const)('the input is not replaced through %s', async ([, connect]) => {
  const publication = await decided({ overwrite: true });
  await connect(publication.source, publication.final);
  await expect(publishPart(publication)).rejects.toMatchObject({ code: 'same_file' });
  expect(await read(publication.source)).toBe('the source');
});

test('a folder is not replaced', async () => {
  const publication = await decided({ overwrite: true });
  await mkdir(publication.final);
  await expect(publishPart(publication)).rejects.toMatchObject({ code: 'output_not_a_file' });
});

test('an error of the storage is passed on and can be tried again', async () => {
  const publication = await decided();
  const full = async () => {
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  };
  await expect(publishPart(publication, { link: full })).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(await publishPart({ ...publication, begun: true })).toBe('published');
});

test('many settlers at once publish one file', async () => {
  const publication = await decided();
  const ends = await Promise.all(Array.from({ length: 20 }, () => publishPart({ ...publication, begun: true })));
  expect(new Set(ends)).toEqual(new Set(['published']));
  expect(await folderOf(publication)).toEqual(['in.mp4', 'out.mp4']);
});

test('of two jobs that want one name, one gets it', async () => {
  const first = await decided();
  const second = await decided({ final: first.final });
  const ends = await Promise.allSettled([publishPart(first), publishPart(second)]);
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('without hard links the name is reserved and then replaced', async () => {
  const publication = await decided();
  expect(await publishPart(publication, { link: noLinks })).toBe('published');
  expect(await read(publication.final)).toBe('the winner’s');
  expect(await folderOf(publication)).toEqual(['in.mp4', 'out.mp4']);
});

test('without hard links a file under the name is not replaced, even an empty one', async () => {
  const publication = await decided();
  await writeFile(publication.final, '');
  await expect(publishPart(publication, { link: noLinks })).rejects.toMatchObject({ code: 'output_exists' });
});

test('without hard links a settler goes on from a reservation, but replaces no file with something in it', async () => {
  const publication = await decided({ begun: true });
  await writeFile(publication.final, 'somebody’s');
  await expect(publishPart(publication, { link: noLinks })).rejects.toMatchObject({ code: 'output_exists' });
  await writeFile(publication.final, '');
  expect(await publishPart(publication, { link: noLinks })).toBe('published');
  expect(await read(publication.final)).toBe('the winner’s');
});
