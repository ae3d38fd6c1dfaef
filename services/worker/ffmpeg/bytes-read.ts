import { readFile } from 'node:fs/promises';

/**
 * How many bytes a process has read from files and pipes in its life; null where the system does not tell (it is
 * Linux's `/proc`) or the process is gone.
 */
export async function bytesReadBy(pid: number): Promise<number | null> {
  const io = await readFile(`/proc/${pid}/io`, 'latin1').catch(() => '');
  const match = /^rchar: (\d+)$/m.exec(io);
  return match === null ? null : Number(match[1]);
}
