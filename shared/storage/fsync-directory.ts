import { open } from 'node:fs/promises';
import { unlessErrno } from './errno.ts';

/** Makes the names in a folder last through a power cut. File systems that know no such thing (FUSE, SMB) are let be. */
export async function fsyncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await unlessErrno(['EINVAL', 'ENOTSUP', 'ENOSYS', 'EBADF'], directory.sync());
  } finally {
    await directory.close();
  }
}
