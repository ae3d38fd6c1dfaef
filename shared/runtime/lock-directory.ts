import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../errors.ts';

/** What this process holds. A database that nothing refers to is closed by the garbage collector, and its lock with it. */
const held = new Set<DatabaseSync>();

/**
 * Makes sure that one process at a time uses a folder. The lock is a transaction held open on a small SQLite file: the
 * kernel drops it with the process however that dies, which no pid file can promise, and Node has no `flock`.
 *
 * @throws AppError `data_dir_in_use` when another process holds it.
 */
export function lockDirectory(directory: string): { release(): void } {
  mkdirSync(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, 'lock'));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new AppError('data_dir_in_use', `another ffmill process is using ${directory}`, { cause });
  }
  held.add(database);
  return {
    release() {
      if (held.delete(database)) database.close();
    },
  };
}
