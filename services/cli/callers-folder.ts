import type { Environment } from './environment.ts';
/**
 * The folder in which the user typed. `npm run demo` and `npm run ffmill` change to the package's folder first, and
 * leave the caller's in INIT_CWD.
 */
export function callersFolder(process: { cwd(): string; readonly env: Environment }): string {
  const { npm_lifecycle_event: script, INIT_CWD: typedIn } = process.env;
  return (script === 'demo' || script === 'ffmill') && typedIn ? typedIn : process.cwd();
}
