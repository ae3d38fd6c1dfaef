import path from 'node:path';
import { listOrEmpty, readOrEmpty } from '../read-or-empty.mjs';
import { ask } from './run.mjs';

const APT = '/etc/apt';

/**
 * The address of a Debian archive that has the given release, as this machine's own apt sources name it. A source may
 * name a snapshot older than the release: then the same archive of today is tried. Undefined: none was found.
 * @param {string} suite a code name, "trixie" or "trixie-security"
 * @param {string} version what its Release file has to say: a suite that was still being tested does not count
 */
export function findDebianMirror(suite, version) {
  const kind = suite.endsWith('-security') ? /-security/ : /^(?!.*security)/;
  const addresses = aptAddresses().filter((address) => /debian/i.test(address) && kind.test(address));
  const today = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const candidates = [...addresses, ...addresses.map((address) => address.replace(/\/\d{8}T\d{6}Z/, `/${today}`))];
  return [...new Set(candidates)].find((address) => {
    const release = ask('wget', ['-q', '-T', '20', '-t', '2', '-O', '-', `${address}/dists/${suite}/Release`]);
    return release !== undefined && new RegExp(`^Version: ${version}\\b`, 'm').test(release);
  });
}

/** Every address in one-line ("deb [..] http://..") and in deb822 form ("URIs: http://.."). */
function aptAddresses() {
  const parts = listOrEmpty(path.join(APT, 'sources.list.d')).map((name) => path.join(APT, 'sources.list.d', name));
  const lines = [path.join(APT, 'sources.list'), ...parts].flatMap((file) => readOrEmpty(file).split('\n'));
  const named = lines.filter((line) => /^\s*(deb\s|URIs:)/.test(line));
  return named.flatMap((line) => line.match(/https?:\/\/\S+/g) ?? []).map((address) => address.replace(/\/+$/, ''));
}
