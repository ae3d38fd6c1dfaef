import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SetupError, say } from '../say.mjs';
import { findDebianMirror } from './debian-mirror.mjs';
import { installPackages } from './install-packages.mjs';
import { ask, isRoot, must } from './run.mjs';

const SUITE = 'trixie';
const VERSION = '13';
export const BASE_IMAGE = `debian:${SUITE}-slim`;

/** What a minimal image leaves out, as Debian's own slim images do. */
const LEFT_OUT = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/info',
  'usr/share/locale',
  'var/cache/apt',
  'var/lib/apt/lists',
];

/** Sees to it that the image every other one is built from is there: pulled, or made from Debian's packages. */
export function ensureBaseImage() {
  if (ask('docker', ['image', 'inspect', '--format', '{{.Id}}', BASE_IMAGE]) !== undefined) return;
  say(`pulling ${BASE_IMAGE}`);
  if (ask('docker', ['pull', '--quiet', BASE_IMAGE], { timeoutMs: 120_000 }) !== undefined) return;
  say(`no image registry answers: making ${BASE_IMAGE} from Debian's packages (half a minute, once)`);
  if (!isRoot())
    throw new SetupError(`only root can make ${BASE_IMAGE}; run this once as root: npm run setup -- --with-docker`);
  if (ask('debootstrap', ['--version']) === undefined) installPackages([['debootstrap']], 'debootstrap');
  makeFromPackages();
}

function makeFromPackages() {
  const folder = mkdtempSync('/var/tmp/ffmill-base-');
  const root = path.join(folder, 'root');
  try {
    const mirror = findDebianMirror(SUITE, VERSION);
    // Without an address debootstrap asks Debian's own.
    must('debootstrap', ['--variant=minbase', SUITE, root, ...(mirror === undefined ? [] : [mirror])]);
    if (mirror !== undefined) writeSources(root, mirror);
    slim(root);
    const excludes = LEFT_OUT.map((name) => `--exclude='./${name}/*'`).join(' ');
    must('sh', ['-c', `tar -C '${root}' ${excludes} -c . | docker import --change 'CMD ["bash"]' - ${BASE_IMAGE}`]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} root
 * @param {string} mirror
 */
function writeSources(root, mirror) {
  const security = findDebianMirror(`${SUITE}-security`, VERSION);
  const lines = [
    `deb ${mirror} ${SUITE} main`,
    ...(security === undefined ? [] : [`deb ${security} ${SUITE}-security main`]),
  ];
  writeFileSync(path.join(root, 'etc/apt/sources.list'), `${lines.join('\n')}\n`);
}

/**
 * What Debian's images set: no manuals, no package cache, no fsync for each unpacked file, no service started by a
 * package's script.
 * @param {string} root
 */
function slim(root) {
  const excluded = LEFT_OUT.filter((name) => name.startsWith('usr/share')).map((name) => `path-exclude /${name}/*`);
  writeFileSync(path.join(root, 'etc/dpkg/dpkg.cfg.d/docker'), ['force-unsafe-io', ...excluded, ''].join('\n'));
  mkdirSync(path.join(root, 'usr/sbin'), { recursive: true });
  writeFileSync(path.join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n');
  chmodSync(path.join(root, 'usr/sbin/policy-rc.d'), 0o755);
}
