import { execFileSync, spawnSync } from 'node:child_process';

const NEEDED = ['spin', 'gcc'];

/**
 * Sees to it that the model checker and the compiler for what it writes are there; installs them on Debian and Ubuntu.
 *
 * @throws Error that says what to install.
 */
export function ensureSpin(): void {
  const missing = NEEDED.filter((program) => !runs(program));
  if (missing.length === 0) return;
  const command = 'apt-get update && apt-get install -y --no-install-recommends spin gcc libc6-dev';
  const isRoot = process.getuid?.() === 0;
  if (!runs('apt-get') || !(isRoot || hasPasswordlessSudo()))
    throw new Error(
      `${missing.join(', ')} is missing. Install it${runs('apt-get') ? `: sudo sh -c '${command}'` : ''}`,
    );
  const shell = ['env', 'DEBIAN_FRONTEND=noninteractive', 'sh', '-c', command];
  const [program = 'env', ...args] = isRoot ? shell : ['sudo', ...shell];
  execFileSync(program, args, { stdio: ['ignore', 2, 2] });
}

function runs(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
}

function hasPasswordlessSudo(): boolean {
  return runs('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
}
