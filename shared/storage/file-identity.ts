import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { unlessErrno } from './errno.ts';

/** Which file a name stands for. `inode` is decimal; `device` differs between machines and must not leave this one. */
export type FileIdentity = { readonly device: bigint; readonly inode: string; readonly sizeBytes: number };

/** Opened without waiting for a writer (a named pipe) and, unless `follow`, without following a symbolic link. */
const LOOK = constants.O_RDONLY | constants.O_NONBLOCK;
/** What may not be opened can still be told apart: no reading rights, a symbolic link, a socket. */
const NOT_OPENED = ['EACCES', 'EPERM', 'ELOOP', 'ENXIO', 'EOPNOTSUPP', 'ENOTSUP'];

/**
 * The file under a name; undefined when there is none. The server is asked (open, then fstat on what was opened): a
 * plain stat may be answered from the attribute cache of a network mount, with what was true some seconds ago.
 */
export async function identifyFile(
  path: string,
  options: { follow?: boolean } = {},
): Promise<FileIdentity | undefined> {
  return unlessErrno(['ENOENT', 'ENOTDIR'], identify(path, options.follow ? LOOK : LOOK | constants.O_NOFOLLOW));
}

async function identify(path: string, flags: number): Promise<FileIdentity> {
  const file = await unlessErrno(NOT_OPENED, open(path, flags));
  if (file === undefined) return identityOf(await lstat(path, { bigint: true }));
  try {
    return identityOf(await file.stat({ bigint: true }));
  } finally {
    await file.close();
  }
}

function identityOf(stats: { dev: bigint; ino: bigint; size: bigint }): FileIdentity {
  return { device: stats.dev, inode: String(stats.ino), sizeBytes: Number(stats.size) };
}
