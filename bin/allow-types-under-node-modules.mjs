import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const PACKAGE_ROOT = new URL('../', import.meta.url).href;

/**
 * Node refuses to strip types below node_modules, where a globally installed package lies. This strips them for the
 * files of this package alone, here and (through NODE_OPTIONS) in every Node that is started from here.
 */
export function allowTypesUnderNodeModules() {
  registerHooks({
    load(url, context, nextLoad) {
      if (!isOurs(url)) return nextLoad(url, context);
      const source = stripQuietly(readFileSync(fileURLToPath(url), 'utf8'));
      return { format: 'module', source, shortCircuit: true };
    },
  });

  const preload = `--import=${new URL('./allow-types-here.mjs', import.meta.url).href}`;
  const options = process.env.NODE_OPTIONS ?? '';
  if (!options.includes(preload)) process.env.NODE_OPTIONS = `${options} ${preload}`.trim();
}

/** @param {string} url */
function isOurs(url) {
  if (!url.startsWith(PACKAGE_ROOT)) return false;
  const inside = url.slice(PACKAGE_ROOT.length);
  return inside.endsWith('.ts') && !inside.includes('node_modules/');
}

/**
 * Strips types without the warning that the function is experimental: it is the one Node itself uses for the same
 * files elsewhere. Only that warning is held back, and only during the call.
 * @param {string} source
 */
function stripQuietly(source) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
