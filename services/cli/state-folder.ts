import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Environment } from './environment.ts';

/** Where ffmill keeps state on this machine (XDG base directories), unless FFMILL_DATA_DIR says otherwise. */
export function stateFolder(env: Environment, folder: string): string {
  if (env.FFMILL_DATA_DIR) return resolve(folder, env.FFMILL_DATA_DIR);
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'ffmill');
}
