import { readdir } from 'node:fs/promises';
import { unlessErrno } from './errno.ts';

/** The names in a folder; none when there is no such folder. */
export async function listNames(path: string): Promise<string[]> {
  return (await unlessErrno(['ENOENT', 'ENOTDIR'], readdir(path))) ?? [];
}
