import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import process from 'node:process';

/** Signals that a terminal sends to the whole foreground group: the child has them already. */
const FROM_THE_KEYBOARD = /** @type {const} */ (['SIGINT', 'SIGQUIT']);
const ALWAYS_PASSED_ON = /** @type {const} */ (['SIGTERM', 'SIGHUP', 'SIGUSR2']);

/**
 * Runs a program in place of this one: same terminal, same end. Stays until the child has ended, whatever signal
 * comes, then ends as the child did (its exit code, or the signal it died of).
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ leash?: boolean, afterwards?: (() => Promise<void>) | undefined }} [options] `leash`: the child (a Node
 *   program) has a channel to this process, whose end tells it that this process has died, by `kill -9` too;
 *   `afterwards`: what is to be put away when the child has ended
 * @returns {Promise<void>} never resolves before the child has ended
 */
export async function runToEnd(command, args, { leash = false, afterwards } = {}) {
  const child = spawn(command, args, { stdio: leash ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit' });

  const passOn = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
  // A Ctrl-C passed on would reach the child twice, and a second one usually means "at once, please".
  const passOnUnlessTyped = (/** @type {NodeJS.Signals} */ signal) => {
    if (!isInForeground()) passOn(signal);
  };
  for (const signal of ALWAYS_PASSED_ON) process.on(signal, passOn);
  for (const signal of FROM_THE_KEYBOARD) process.on(signal, passOnUnlessTyped);

  /** @type {{ code: number | null, signal: NodeJS.Signals | null }} */
  const end = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });

  await afterwards?.();

  for (const signal of ALWAYS_PASSED_ON) process.off(signal, passOn);
  for (const signal of FROM_THE_KEYBOARD) process.off(signal, passOnUnlessTyped);
  if (end.signal !== null) {
    process.exitCode = 128 + constants.signals[end.signal]; // if the signal does not end us (SIGKILL always does)
    process.kill(process.pid, end.signal);
  } else {
    process.exitCode = end.code ?? 1;
  }
}

/** Whether this process belongs to the group that the terminal sends its Ctrl-C to. */
function isInForeground() {
  try {
    // proc(5): after the command's closing bracket come state, ppid, pgrp, session, tty, tpgid
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[2] === fields[5];
  } catch {
    return Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);
  }
}
