import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { SetupError, say } from '../say.mjs';
import { findDebianMirror } from './debian-mirror.mjs';
import { installPackages, isKnown } from './install-packages.mjs';
import { ask, isRoot, must } from './run.mjs';

/** Sees to it that `docker compose` (version 2) works. */
export function ensureCompose() {
  if (hasCompose()) return;
  // Ubuntu's name for it, then Debian's; Debian 12 has only version 1 under that name, a program of its own.
  const packaged = ['docker-compose-v2', 'docker-compose'].find(isVersion2);
  if (packaged !== undefined) installPackages([[packaged]], '`docker compose`');
  else takeFromNewerDebian();
  if (!hasCompose()) throw new SetupError('`docker compose` still does not work');
}

const hasCompose = () => ask('docker', ['compose', 'version']) !== undefined;

/** @param {string} name */
function isVersion2(name) {
  return isKnown(name) && /Candidate: (\d+:)?[2-9]\./.test(ask('apt-cache', ['policy', name]) ?? '');
}

/**
 * Debian 13's plugin is one static binary that Debian 12 runs as well. Fetched by apt, which checks signatures, with
 * sources and state of its own, so that the system's own sources stay as they are.
 */
function takeFromNewerDebian() {
  const mirror = findDebianMirror('trixie', '13');
  if (mirror === undefined)
    throw new SetupError('`docker compose` is missing: install the Docker Compose plugin, version 2');
  say("installing `docker compose` from Debian 13's package docker-compose");
  const folder = mkdtempSync(path.join(tmpdir(), 'ffmill-compose-'));
  try {
    chmodSync(folder, 0o755); // apt reads its lists as a user of its own
    writeFileSync(path.join(folder, 'sources.list'), `deb ${mirror} trixie main\n`);
    mkdirSync(path.join(folder, 'lists', 'partial'), { recursive: true });
    mkdirSync(path.join(folder, 'archives', 'partial'), { recursive: true });
    const apt = `cd '${folder}' && apt-get -q \
      -o Dir::Etc::SourceList='${folder}/sources.list' -o Dir::Etc::SourceParts=/dev/null \
      -o Dir::State::Lists='${folder}/lists' -o Dir::Cache::Archives='${folder}/archives' \
      -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root`;
    must('sh', ['-c', `${apt} update && ${apt} download docker-compose`]);
    const deb = readdirSync(folder).find((name) => name.endsWith('.deb')) ?? '';
    must('dpkg-deb', ['-x', path.join(folder, deb), path.join(folder, 'files')]);
    const plugins = isRoot() ? '/usr/local/lib/docker/cli-plugins' : path.join(homedir(), '.docker', 'cli-plugins');
    mkdirSync(plugins, { recursive: true });
    const plugin = path.join(plugins, 'docker-compose');
    copyFileSync(path.join(folder, 'files', 'usr/libexec/docker/cli-plugins/docker-compose'), plugin);
    chmodSync(plugin, 0o755);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
