import { spawn } from 'node:child_process';
import type { Root } from '../../../shared/storage/root.ts';

/** What a look at a root found. A full disk is fine: the tasks that need room say so, and others make some. */
export type StorageState = 'fine' | 'gone' | 'unwritable' | 'hangs';

/** A look under way. */
export type StorageCheck = {
  /** When the process that looks is gone; on storage that hangs that may be never. */
  readonly ended: Promise<Exclude<StorageState, 'hangs'>>;
  /** Gives the look up. */
  kill(): void;
};

/**
 * Arguments: how `stat` is told to print the device, the folder, whether it is a mount, whether it must be writable. That
 * is asked of the system (a read-only mount says no) and not tried: a trial file would be seen, and may stay behind.
 */
const LOOK = `
command -v stat >/dev/null || exit 0
own=$(stat -L "$1" %d -- "$2/.") || exit 2
[ -z "$3" ] || [ "$own" != "$(stat -L "$1" %d -- "$2/..")" ] || exit 2
[ -z "$4" ] || [ -w "$2/." ] || exit 3
`;

const GONE = 2;
const UNWRITABLE = 3;
const DEVICE_FORMAT = process.platform === 'linux' ? '-c' : '-f';

/**
 * Looks whether the folder of a path variable is there and, with `write`, may be written. In a process of its own: on a
 * mount that hangs it hangs alone, where a call in this process would hold one of the few threads that all file
 * operations share.
 */
export function checkStorage({ folder, mounted }: Root, { write }: { write: boolean }): StorageCheck {
  const wishes = [mounted ? 'mounted' : '', write ? 'writable' : ''];
  const child = spawn('sh', ['-c', LOOK, 'ffmill-check', DEVICE_FORMAT, folder, ...wishes], {
    // The pipe is open as long as anything of the look lives: `close` comes when all of it is gone.
    ...{ detached: true, stdio: ['ignore', 'pipe', 'ignore'], cwd: '/' },
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
  });
  // Nothing waits for a look that never ends, least of all the end of this process.
  child.unref();
  child.stdout.resume();
  if ('unref' in child.stdout && typeof child.stdout.unref === 'function') child.stdout.unref();
  const ended = new Promise<Awaited<StorageCheck['ended']>>((resolve) => {
    child.on('error', () => resolve('fine')); // no shell to look with: tasks find out by themselves
    child.on('close', (code) => resolve(stateOf(code)));
  });
  return { ended, kill: () => killGroup(child.pid) };
}

/** The shell and what it runs. What is stuck in the kernel goes when the storage answers it, and is waited for. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

function stateOf(code: number | null): Awaited<StorageCheck['ended']> {
  if (code === GONE) return 'gone';
  return code === UNWRITABLE ? 'unwritable' : 'fine';
}
