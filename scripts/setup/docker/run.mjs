import { spawnSync } from 'node:child_process';
import { SetupError } from '../say.mjs';

/**
 * The output of a program, or undefined when it failed or is not there. For questions, whose answer may be no.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ input?: string, timeoutMs?: number }} [options]
 */
export function ask(program, args, { input, timeoutMs } = {}) {
  const { status, stdout } = spawnSync(program, args, {
    encoding: 'utf8',
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
    ...(input !== undefined && { input }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs, killSignal: 'SIGKILL' }),
  });
  return status === 0 ? stdout.trim() : undefined;
}

/**
 * Runs a program to its end; its output is shown only when it failed.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] added to our own
 * @param {string} [folder]
 */
export function must(program, args, env = {}, folder = process.cwd()) {
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...env },
  });
  if (status === 0) return stdout.trim();
  const words = `${stdout ?? ''}${stderr ?? ''}${error ? error.message : ''}`.trim().split('\n').slice(-40).join('\n');
  throw new SetupError(`this failed: ${[program, ...args].join(' ')}\n${words}`);
}

export const isRoot = () => process.getuid?.() === 0;
