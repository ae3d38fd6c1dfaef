import { open } from 'node:fs/promises';
import { unlessErrno } from './errno.ts';
import { identifyFile } from './file-identity.ts';

/**
 * Takes a name for a file that is going to be renamed there, where hard links are not to be had: creates it empty, only
 * if it is free. Returns whether the name is ours.
 *
 * A crash may leave the empty file behind. Whoever goes on (`begun`) takes an empty file for that reservation; the one
 * thing it could destroy by mistake is a file of somebody else that holds nothing.
 */
export async function reserveName(path: string, { begun }: { begun: boolean }): Promise<boolean> {
  const file = await unlessErrno(['EEXIST'], open(path, 'wx'));
  if (file !== undefined) {
    await file.close();
    return true;
  }
  return begun && (await identifyFile(path))?.sizeBytes === 0;
}
