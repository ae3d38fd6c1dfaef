import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** Head, tail and what lies evenly between: 256 KiB are read, less than 1 % of half an hour at 120 kbit/s. */
const WINDOWS = 16;
const WINDOW_BYTES = 16 * 1024;

/**
 * Tells a file from another of the same size and time (`cp -p`, `rsync --inplace --times`, a file system that counts
 * whole seconds). It is no proof: what is overwritten between the windows it does not see.
 */
export async function fingerprintOf(file: FileHandle, sizeBytes: number): Promise<string> {
  const hash = createHash('sha256').update(`${sizeBytes}`);
  const window = Buffer.alloc(WINDOW_BYTES);
  for (const position of windowPositions(sizeBytes)) {
    const { bytesRead } = await file.read(window, 0, WINDOW_BYTES, position);
    hash.update(window.subarray(0, bytesRead));
  }
  return hash.digest('hex').slice(0, 32);
}

function windowPositions(sizeBytes: number): number[] {
  const last = Math.max(0, sizeBytes - WINDOW_BYTES);
  const positions = Array.from({ length: WINDOWS }, (_, index) => Math.round((last * index) / (WINDOWS - 1)));
  return [...new Set(positions)];
}
