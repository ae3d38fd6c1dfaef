import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

/**
 * The Node binary that the npm package `node` carries, at the version pinned in package.json.
 * Undefined when it is not installed, or when its install script (which fetches the binary) was not allowed to run.
 * @returns {string | undefined}
 */
export function pinnedNode() {
  const require = createRequire(import.meta.url);
  try {
    const folder = path.dirname(require.resolve('node/package.json'));
    const binary = path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}
