import { SetupError, say } from '../say.mjs';
import { ask, isRoot, must } from './run.mjs';

/**
 * Installs Debian packages, of which each alternative list names the first that this system knows.
 * @param {readonly (readonly string[])[]} wanted
 * @param {string} what names the need in messages
 */
export function installPackages(wanted, what) {
  if (ask('apt-get', ['--version']) === undefined) {
    throw new SetupError(`${what} is missing. Install it by your system's own means and try again`);
  }
  if (!isRoot()) {
    const names = wanted.map(([first]) => first).join(' ');
    throw new SetupError(`${what} is missing, and only root can install it: apt-get install ${names}`);
  }
  say(`installing ${what}`);
  must('apt-get', ['update', '-q']);
  const names = wanted.flatMap((alternatives) => alternatives.find(isKnown) ?? []);
  must('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...names], {
    DEBIAN_FRONTEND: 'noninteractive',
    // Whether and how a daemon starts is decided by daemon.mjs, not by a package's script.
    RUNLEVEL: '1',
  });
}

/** @param {string} name */
export const isKnown = (name) => /Candidate: \d/.test(ask('apt-cache', ['policy', name]) ?? '');
