import path from 'node:path';
import { ROOT } from '../say.mjs';
import { must } from './run.mjs';

/**
 * Makes the passwords that docker-compose.ha.yml hands to the containers; those that are there stay.
 * @param {string} [folder]
 */
export function makeSecrets(folder = path.join(ROOT, 'deploy', 'secrets')) {
  must(path.join(ROOT, 'deploy', 'make-secrets'), [folder]);
}
