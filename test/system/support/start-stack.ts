import { existsSync } from 'node:fs';
import { installPackages } from '../../../scripts/setup/docker/install-packages.mjs';
import { makeSecrets } from '../../../scripts/setup/docker/make-secrets.mjs';
import { ensureDocker } from '../../../scripts/setup/ensure-docker.mjs';
import { ALL_IMAGES, ensureImages } from '../../../scripts/setup/ensure-images.mjs';
import { theStack } from './running-stack.ts';

/**
 * Starts the stack once for all system tests, and removes it whatever came of them. With KEEP_STACK=1 it is used as it is
 * found and left up, for who runs one test again and again.
 */
export async function setup(): Promise<() => Promise<void>> {
  if (!existsSync('/usr/lib/x86_64-linux-gnu/faketime')) installPackages([['libfaketime']], 'a clock that is wrong');
  await ensureDocker({ keep: false });
  makeSecrets();
  ensureImages(ALL_IMAGES);
  const stack = theStack();
  const keep = process.env.KEEP_STACK === '1';
  if (!keep) await stack.remove();
  const begun = performance.now();
  await stack.up({ workers: 3 });
  process.stdout.write(`the stack is healthy after ${((performance.now() - begun) / 1000).toFixed(0)} s\n`);
  return async () => {
    if (!keep) await stack.remove();
  };
}
