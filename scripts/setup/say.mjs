import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What the person at the machine has to mend; the message says how. */
export class SetupError extends Error {}

/**
 * Speaks on stderr, so that the target's own output stays clean.
 * @param {string} message
 */
export function say(message) {
  console.error(`ffmill set-up: ${message}`);
}
