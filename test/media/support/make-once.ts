import { existsSync } from 'node:fs';
import { link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { unlessErrno } from '../../../shared/storage/errno.ts';

/**
 * A file that is kept for all tests; `make` writes it when it is not there yet. Several tests may make it at the same
 * time: the first stays, as it may be read by then, and to replace it would be a change of that test's input.
 */
export async function makeOnce(path: string, make: (unfinished: string) => Promise<unknown>): Promise<string> {
  if (existsSync(path)) return path;
  await mkdir(dirname(path), { recursive: true });
  const folder = await mkdtemp(join(dirname(path), 'unfinished-'));
  try {
    const unfinished = join(folder, basename(path));
    await make(unfinished);
    await unlessErrno(['EEXIST'], link(unfinished, path));
  } finally {
    await rm(folder, { recursive: true });
  }
  return path;
}
