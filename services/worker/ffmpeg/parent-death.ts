import { execa } from 'execa';

/**
 * Run by `sh` with the parent's process id as `$0` after `setpriv` has asked the kernel for the signal: if the parent
 * died before it asked, it will never come, and the process has another parent by now.
 */
const UNLESS_ORPHANED = '[ "$PPID" -eq "$0" ] || exit 1; exec "$@"';

/**
 * The command that runs `command` so that it dies with this process, also when that is killed with SIGKILL: the child
 * of a killed Node goes on otherwise, and FFmpeg does so even when its pipes are broken. Neither `setpriv` nor `sh`
 * stays: both exec, so the process id is the command's own.
 *
 * The kernel sends the signal when the *thread* that forked ends, and Node forks on the thread that calls spawn: never
 * call this from a worker thread that may end before its children.
 */
export async function dyingWithParent(command: readonly string[]): Promise<string[]> {
  available ??= isAvailable();
  if (!(await available)) return [...command];
  return ['setpriv', '--pdeathsig', 'KILL', 'sh', '-c', UNLESS_ORPHANED, String(process.pid), ...command];
}

let available: Promise<boolean> | undefined;

/** Tried rather than looked for: BusyBox has a `setpriv` that does not know the option. */
async function isAvailable(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const { failed } = await execa('setpriv', ['--pdeathsig', 'KILL', 'true'], { reject: false, stdio: 'ignore' });
  return !failed;
}
