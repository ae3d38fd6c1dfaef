import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { errnoOf } from '../../../shared/storage/errno.ts';
import { removeIfEmpty, unlinkIfThere } from '../../../shared/storage/remove-if-there.ts';
import { isFull } from './try-to-write.ts';

/** How often the folder may vanish before it is somebody's fault: each time another attempt has removed it as empty. */
const TRIES = 10;

/**
 * Makes a file that belongs to this attempt alone. Its folder is made when missing; when the work fails the file goes,
 * and the folder too if nothing else is in it. `work` finds the file empty and is to overwrite it.
 *
 * @throws AppError `disk_full`, `storage_failed`; what `work` throws.
 */
export async function inOwnFile<Result>(path: string, work: (path: string) => Promise<Result>): Promise<Result> {
  await createFile(path).catch((cause: unknown) => {
    const code = isFull(cause) ? 'disk_full' : 'storage_failed';
    throw new AppError(code, `the file ${path} could not be made: ${errnoOf(cause)}`, { cause });
  });
  try {
    return await work(path);
  } catch (error) {
    await removeOwnFile(path);
    throw error;
  }
}

/**
 * Opened for creation only: no two attempts can share it. From then on the folder is not empty, so that nobody who
 * tidies up takes it away before FFmpeg opens the file.
 */
async function createFile(path: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await mkdir(dirname(path), { recursive: true });
      const file = await open(path, 'wx');
      return await file.close();
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || tries >= TRIES) throw error;
    }
  }
}

async function removeOwnFile(path: string): Promise<void> {
  await unlinkIfThere(path).catch(() => undefined); // the failure that led here says more
  await removeIfEmpty(dirname(path)).catch(() => undefined);
}
