import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pinnedNode } from '../../bin/pinned-node.mjs';
import { readOrEmpty } from './read-or-empty.mjs';
import { ROOT, SetupError, say } from './say.mjs';

const LOCK = path.join(ROOT, 'package-lock.json');
/** The hash of the lock file that node_modules was last found to hold: what makes the second run quick. */
const STAMP = path.join(ROOT, 'node_modules', '.cache', 'ffmill', 'installed-lock.sha256');

/** Installs the npm packages unless node_modules already holds what package-lock.json says, pinned Node included. */
export function ensurePackages() {
  const lock = readFileSync(LOCK, 'utf8');
  const hash = createHash('sha256').update(lock).digest('hex');
  if (pinnedNode() !== undefined && (readOrEmpty(STAMP) === hash || isInstalled(lock))) return stamp(hash);

  say('installing the npm packages (once)');
  npm('ci', '--loglevel=error');
  // The package `node` fetches its binary in an install script; a user's ignore-scripts=true would leave it out.
  if (pinnedNode() === undefined) npm('rebuild', 'node', '--ignore-scripts=false', '--loglevel=error');
  if (pinnedNode() === undefined) throw new SetupError('npm did not install the pinned Node (see above)');
  stamp(hash);
}

/**
 * Whether somebody else (a plain `npm ci`) has installed exactly this lock file: npm keeps a lock of what it put into
 * node_modules. Packages for other platforms are left out there.
 * @param {string} lock
 */
function isInstalled(lock) {
  const found = JSON.parse(
    readOrEmpty(path.join(ROOT, 'node_modules', '.package-lock.json')) || '{"packages":{}}',
  ).packages;
  const wanted = Object.entries(JSON.parse(lock).packages).filter(([name]) => name !== '');
  return wanted.every(([name, { version, optional }]) =>
    found[name] === undefined ? optional === true : found[name].version === version,
  );
}

/** @param {string[]} args */
function npm(...args) {
  // `npm run` puts node_modules/.bin first into PATH: npm would then run on the very Node it is about to replace.
  const bin = path.join('node_modules', '.bin');
  const searched = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => !folder.endsWith(bin));
  const { status, error } = spawnSync('npm', args, {
    cwd: ROOT,
    stdio: ['ignore', 2, 2], // our stdout belongs to the target
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: searched.join(path.delimiter) },
  });
  if (status !== 0)
    throw new SetupError(`npm ${args.join(' ')} failed${error ? `: ${error.message}` : ' (see above)'}`);
}

/** @param {string} hash */
function stamp(hash) {
  if (readOrEmpty(STAMP) === hash) return;
  mkdirSync(path.dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, hash);
}
