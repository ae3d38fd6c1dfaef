import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { BASE_IMAGE } from './docker/base-image.mjs';
import { ask, must } from './docker/run.mjs';
import { writeSiteSettings } from './docker/site-settings.mjs';
import { ROOT, say } from './say.mjs';

const APP = ['deploy/health', 'package.json', 'package-lock.json', '.npmrc', 'bin', 'shared', 'services'];

/** The targets of deploy/Dockerfile that become images, ffmill/<target>, and what each is made from. */
const TARGETS = /** @type {const} */ ({
  galera: ['deploy/health', 'deploy/galera'],
  rabbitmq: ['deploy/health', 'deploy/rabbitmq'],
  haproxy: ['deploy/health', 'deploy/entry', 'deploy/keepalived', 'haproxy'],
  coordinator: APP,
  janitor: APP,
  worker: APP,
});

/** The label that holds the hash of what an image was made from: what makes the second run quick. */
const LABEL = 'ffmill.inputs';

export const ALL_IMAGES = /** @type {(keyof typeof TARGETS)[]} */ (Object.keys(TARGETS));

/**
 * Builds the images that are missing, or whose inputs have changed since they were built.
 * @param {readonly (keyof typeof TARGETS)[]} targets
 */
export function ensureImages(targets) {
  const base = ask('docker', ['image', 'inspect', '--format', '{{.Id}}', BASE_IMAGE]) ?? '';
  for (const target of targets) {
    const image = `ffmill/${target}`;
    const hash = hashOf(['deploy/Dockerfile', ...TARGETS[target]], base);
    if (ask('docker', ['image', 'inspect', '--format', `{{index .Config.Labels "${LABEL}"}}`, image]) === hash)
      continue;
    say(`building the image ${image}`);
    writeSiteSettings();
    const build = ['build', '--quiet', '--file', 'deploy/Dockerfile', '--target', target, '--tag', image];
    must('docker', [...build, '--label', `${LABEL}=${hash}`, '.'], {}, ROOT);
  }
}

/**
 * @param {readonly string[]} inputs
 * @param {string} base
 */
function hashOf(inputs, base) {
  const hash = createHash('sha256').update(base);
  for (const file of inputs.flatMap(filesIn).toSorted()) {
    hash
      .update(`\0${file}\0${statSync(path.join(ROOT, file)).mode & 0o111}\0`)
      .update(readFileSync(path.join(ROOT, file)));
  }
  return hash.digest('hex');
}

/**
 * @param {string} input a file or a folder
 * @returns {string[]}
 */
function filesIn(input) {
  if (statSync(path.join(ROOT, input)).isFile()) return [input];
  return readdirSync(path.join(ROOT, input)).flatMap((name) => filesIn(path.join(input, name)));
}
