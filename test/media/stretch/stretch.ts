import { open } from 'node:fs/promises';

export type Stretch = {
  /** A short file of one group of pictures, which FFmpeg made. */
  readonly clip: string;
  readonly output: string;
  /** How often the clip is repeated. */
  readonly times: number;
};

/** Bytes, and where in the file they stand. */
export type Piece = { readonly at: number; readonly bytes: Buffer };

/** Writes the pieces and leaves holes between them, which take no room on the disk and are read as zeros. */
export async function writeSparse(path: string, sizeBytes: number, pieces: Iterable<Piece>): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.truncate(sizeBytes);
    for (const { at, bytes } of pieces) await file.write(bytes, 0, bytes.length, at);
  } finally {
    await file.close();
  }
}
