import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { listOrEmpty } from '../read-or-empty.mjs';
import { ROOT } from '../say.mjs';
import { ask } from './run.mjs';

/** Its README.md says what for. */
const FOLDER = path.join(ROOT, 'deploy', 'local');
/** Where Debian keeps the authorities that an administrator added. */
const AUTHORITIES = '/usr/local/share/ca-certificates';

/**
 * Leaves in deploy/local what `npm ci` inside an image build needs to know of this site: the registry
 * that npm is set to here, and the certificate authorities that were added to this machine.
 */
export function writeSiteSettings() {
  mkdirSync(FOLDER, { recursive: true });
  writeIfChanged('registry', ask('npm', ['config', 'get', 'registry']) ?? '');
  const added = listOrEmpty(AUTHORITIES).filter((name) => name.endsWith('.crt'));
  const authorities = added.map((name) => readFileSync(path.join(AUTHORITIES, name), 'utf8').trim());
  writeIfChanged('authorities.pem', authorities.map((text) => `${text}\n`).join(''));
}

/**
 * @param {string} name
 * @param {string} text
 */
function writeIfChanged(name, text) {
  const file = path.join(FOLDER, name);
  try {
    if (readFileSync(file, 'utf8') === text) return;
  } catch {
    // not there yet
  }
  writeFileSync(file, text);
}
