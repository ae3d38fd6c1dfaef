// Makes a fresh clone ready, then runs the target with the pinned Node:
//   node scripts/setup.mjs [--without-ffmpeg] [--with-docker] [-- TARGET ARGS...]
// TARGET is a file of this repository or a command in node_modules/.bin. --with-docker: what containers need as well; with
// a TARGET a Docker daemon that had to be started ends with it, without one the images are built. Starts under Node 20 without any package.
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pinnedNode } from '../bin/pinned-node.mjs';
import { runToEnd } from '../bin/run-to-end.mjs';
import { stopOwnDaemon } from './setup/docker/daemon.mjs';
import { makeSecrets } from './setup/docker/make-secrets.mjs';
import { ensureDocker } from './setup/ensure-docker.mjs';
import { ensureFfmpeg } from './setup/ensure-ffmpeg.mjs';
import { ALL_IMAGES, ensureImages } from './setup/ensure-images.mjs';
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
  const withDocker = options.includes('--with-docker');
  if (withDocker) await ensureDocker({ keep: target === undefined });
  if (target === undefined && withDocker) {
    makeSecrets();
    ensureImages(ALL_IMAGES);
    return say('ready: docker compose -f docker-compose.ha.yml up -d');
  }
  if (target === undefined) return say('ready: npm run demo, npm test');

  const node = pinnedNode();
  if (node === undefined)
    throw new SetupError('the pinned Node is missing from node_modules; remove node_modules and try again');
  await runToEnd(node, [fileOf(target), ...args], { afterwards: withDocker ? stopOwnDaemon : undefined });
}

/** @param {string} target */
function fileOf(target) {
  const command = path.join(ROOT, 'node_modules', '.bin', target);
  if (!target.includes('/') && existsSync(command)) return realpathSync(command);
  return path.resolve(ROOT, target);
}
