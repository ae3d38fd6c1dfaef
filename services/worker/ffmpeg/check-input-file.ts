import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { AppError, type ErrorCode } from '../../../shared/errors.ts';
import { fingerprintOf } from './fingerprint.ts';

/** What tells a file from what it is later. */
type InputFile = { readonly sizeBytes: number; readonly modifiedMs: number; readonly fingerprint: string };

/**
 * Looks at an input before any tool opens it: a regular file, not empty, that may be read. Anything else is not even
 * opened, which on a pipe waits and on a device may do something; the rest is decided by the opened file, because a
 * network file system may answer `stat` from memory.
 *
 * @throws AppError `input_missing`, `input_not_a_file`, `input_empty`, `input_unreadable`, `storage_failed`.
 */
export async function checkInputFile(path: string): Promise<InputFile> {
  const seen = await stat(path).catch(() => null);
  if (seen !== null && !seen.isFile())
    throw new AppError('input_not_a_file', `the input ${path} is a ${kindOf(seen)}, not a file`);
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw refusal(path, cause);
  });
  try {
    const { size, mtimeMs } = await file.stat();
    if (size === 0) throw new AppError('input_empty', `the input ${path} is empty`);
    return { sizeBytes: size, modifiedMs: Math.floor(mtimeMs), fingerprint: await fingerprintOf(file, size) };
  } finally {
    await file.close();
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFIFO()) return 'pipe';
  return stats.isSocket() ? 'socket' : 'device';
}

function refusal(path: string, cause: NodeJS.ErrnoException): AppError {
  const [code, what] =
    REFUSALS[cause.code ?? ''] ?? (['storage_failed', `could not be opened: ${cause.message}`] as const);
  return new AppError(code, `the input ${path} ${what}`, { cause });
}

const REFUSALS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOENT: ['input_missing', 'does not exist'],
  ENOTDIR: ['input_missing', 'does not exist: a part of its path is not a folder'],
  ENAMETOOLONG: ['input_missing', 'does not exist: its name is too long'],
  ELOOP: ['input_missing', 'is a link that leads nowhere'],
  EACCES: ['input_unreadable', 'may not be read'],
  EPERM: ['input_unreadable', 'may not be read'],
};
