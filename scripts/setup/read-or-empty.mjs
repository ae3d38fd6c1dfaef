import { readdirSync, readFileSync } from 'node:fs';

/**
 * The text of a file; empty when it is not there or may not be read.
 * @param {string} file
 */
export function readOrEmpty(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/**
 * The names in a folder; none when it is not there or may not be read.
 * @param {string} folder
 */
export function listOrEmpty(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
