import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errnoOf, unlessErrno } from './errno.ts';

/** As many as Linux follows. */
const MOST_LINKS = 40;
/** What cannot be followed: then opening it says why, and leads nowhere either. */
const NOT_FOLLOWED = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG'];

/**
 * Where a path leads when all links on the way are followed, also when not all of it exists: the real path of what does,
 * and the rest as it is written. A link that leads nowhere counts as what it points to, which may come to be.
 */
export async function realPlace(path: string, links = MOST_LINKS): Promise<string> {
  const real = await unlessErrno(NOT_FOLLOWED, realpath(path));
  if (real !== undefined || dirname(path) === path) return real ?? path;
  const folder = await realPlace(dirname(path), links);
  const target = links > 0 ? await targetOf(path) : undefined;
  return target === undefined ? join(folder, basename(path)) : realPlace(resolve(folder, target), links - 1);
}

async function targetOf(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (['EINVAL', ...NOT_FOLLOWED].includes(errnoOf(error) ?? '')) return undefined; // no link
    throw error;
  }
}
