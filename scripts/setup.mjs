// Makes a fresh clone ready, then runs the target with the pinned Node:
//   node scripts/setup.mjs [--without-ffmpeg] [-- TARGET ARGS...]
// TARGET is a file of this repository or a command in node_modules/.bin. Starts under Node 20 without any package.
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pinnedNode } from '../bin/pinned-node.mjs';
import { runToEnd } from '../bin/run-to-end.mjs';
import { ensureFfmpeg } from './setup/ensure-ffmpeg.mjs';
import { ensurePackages } from './setup/ensure-packages.mjs';
import { ROOT, SetupError, say } from './setup/say.mjs';

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

/** @param {string[]} argv */
async function main(argv) {
  const separator = argv.indexOf('--');
  const options = separator === -1 ? argv : argv.slice(0, separator);
  const [target, ...args] = separator === -1 ? [] : argv.slice(separator + 1);

  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new SetupError(`the set-up needs Node 20 or newer; this is ${process.version}`);
  }
  ensurePackages();
  if (!options.includes('--without-ffmpeg')) await ensureFfmpeg();
  if (target === undefined) return say('ready: npm run demo, npm test');

  const node = pinnedNode();
  if (node === undefined)
    throw new SetupError('the pinned Node is missing from node_modules; remove node_modules and try again');
  await runToEnd(node, [fileOf(target), ...args]);
}

/** @param {string} target */
function fileOf(target) {
  const command = path.join(ROOT, 'node_modules', '.bin', target);
  if (!target.includes('/') && existsSync(command)) return realpathSync(command);
  return path.resolve(ROOT, target);
}
