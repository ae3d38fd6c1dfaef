import { rmdir, unlink } from 'node:fs/promises';
import { unlessErrno } from './errno.ts';

/** Removes a file that may be gone already. */
export async function unlinkIfThere(path: string): Promise<void> {
  await unlessErrno(['ENOENT'], unlink(path));
}

/** Removes a folder if nothing is in it. Returns whether it is gone. */
export async function removeIfEmpty(path: string): Promise<boolean> {
  const removed = await unlessErrno(
    ['ENOTEMPTY', 'EEXIST'],
    unlessErrno(['ENOENT'], rmdir(path)).then(() => true),
  );
  return removed ?? false;
}
