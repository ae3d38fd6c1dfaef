import { open } from 'node:fs/promises';

/** A file as it stands on the disk for good. `inode` is decimal. */
export type SealedFile = { readonly sizeBytes: number; readonly modifiedMs: number; readonly inode: string };

/** Makes a file that FFmpeg closed last through a power cut; nothing is written to it from here on. */
export async function sealFile(path: string): Promise<SealedFile> {
  const file = await open(path, 'r');
  try {
    await file.sync();
    const { size, mtimeMs, ino } = await file.stat({ bigint: true });
    return { sizeBytes: Number(size), modifiedMs: Number(mtimeMs), inode: String(ino) };
  } finally {
    await file.close();
  }
}
