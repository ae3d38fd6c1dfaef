import { execFileSync } from 'node:child_process';

/** Mounting is root's right; others may run the suite with sudo. */
function asRoot(...command: readonly string[]): void {
  const [file = '', ...args] = process.getuid?.() === 0 ? command : ['sudo', '-n', ...command];
  execFileSync(file, args);
}

/** Mounts an empty file system of memory over a folder that exists. `options` are those of tmpfs. */
export function mount(folder: string, options: string): void {
  asRoot('mount', '-t', 'tmpfs', '-o', `mode=1777,${options}`, 'tmpfs', folder);
}

/** Takes it away, even from who uses it. */
export function unmount(folder: string): void {
  asRoot('umount', '-l', folder);
}
