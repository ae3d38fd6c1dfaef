import { mkdir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type ErrorCode } from '../../../shared/errors.ts';
import type { AttemptId } from '../../../shared/job/ids.ts';
import { errnoOf, unlessErrno } from '../../../shared/storage/errno.ts';
import { removeIfEmpty, unlinkIfThere } from '../../../shared/storage/remove-if-there.ts';

/** Enough to need a block of its own: an empty file can still be made on a full disk. */
const TRIAL = Buffer.alloc(4096);
/** How often the folder may vanish under the trial. */
const TRIES = 10;

/**
 * Makes a folder (its parent exists), writes a small file into it and removes both. Really tried: the mode bits do not
 * say what a network mount, a full disk or a read-only file system does. The file bears the name of the attempt, so that
 * it can be told for a leftover when the worker is killed at that moment.
 *
 * @throws AppError `disk_full`, else `refusal`
 */
export async function tryToWrite(folder: string, attempt: AttemptId, refusal: ErrorCode): Promise<void> {
  const file = join(folder, `trial.${attempt}`);
  try {
    await write(folder, file);
    await unlink(file);
  } catch (cause) {
    await unlinkIfThere(file).catch(() => undefined);
    throw new AppError(isFull(cause) ? 'disk_full' : refusal, `${folder} cannot be written: ${errnoOf(cause)}`, {
      cause,
    });
  } finally {
    await removeIfEmpty(folder).catch(() => false); // it may never have been there
  }
}

/** Again when somebody removed the empty folder in between, as whoever tidies up may. */
async function write(folder: string, file: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await unlessErrno(['EEXIST'], mkdir(folder)); // not recursive: below /proc that never ends
      return await writeFile(file, TRIAL, { flag: 'wx', flush: true });
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || tries >= TRIES) throw error;
    }
  }
}

/** Whether an error of the file system says that there is no room left. */
export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes(errnoOf(error) ?? '');
}
