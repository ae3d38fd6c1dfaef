import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { lockDirectory } from '../../../shared/runtime/lock-directory.ts';

/** Whoever wants to go on with an interrupted transcode does so within a week. */
const KEPT_MS = 7 * 24 * 3600 * 1000;

/**
 * Removes what transcodes left behind that were killed and never run again: folders that no process holds and where
 * nothing has changed for a week. What cannot be removed is left for the next run.
 */
export async function removeLeftovers(folder: string, now: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) await removeIfLeft(join(folder, name), now).catch(ignoreSystemErrors);
}

async function removeIfLeft(folder: string, now: number): Promise<void> {
  const files = await readdir(folder);
  const times = await Promise.all([folder, ...files.map((file) => join(folder, file))].map(changedAt));
  if (Math.max(...times) > now - KEPT_MS) return;
  const lock = lockDirectory(folder);
  try {
    await rm(folder, { recursive: true, force: true });
  } finally {
    lock.release();
  }
}

async function changedAt(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}

/** Another process holds or removes the same folder, or it is not ours. */
function ignoreSystemErrors(error: unknown): void {
  if (error instanceof AppError || (error instanceof Error && 'code' in error)) return;
  throw error;
}
