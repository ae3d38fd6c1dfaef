import { isAbsolute, join, normalize, sep } from 'node:path';
import { AppError } from '../errors.ts';
import type { PathName } from '../job/job.ts';

/**
 * Turns the names that jobs carry into paths of this machine, and checks them without touching a file. The embedded
 * farm names files by absolute path; `${name}/…` stands for a folder that the machine maps (always `${scratch}`).
 */
export type PathNames = {
  /** @throws AppError `invalid_path` for a relative name, an unknown variable, or `..` after a variable. */
  resolve(name: PathName): string;
};

const VARIABLE = /^\$\{([a-z][a-z0-9_]*)\}(?:\/(.*))?$/s;

/** Names of the embedded farm: absolute paths, and the folders given by variable. */
export function localPathNames(folders: Readonly<Record<string, string>>): PathNames {
  return {
    resolve(name) {
      const match = VARIABLE.exec(name);
      if (match === null) {
        if (!isAbsolute(name))
          throw new AppError(
            'invalid_path',
            `${JSON.stringify(name)} is neither an absolute path nor begins with a path variable`,
          );
        return normalize(name);
      }
      const folder = folders[match[1] ?? ''];
      if (folder === undefined)
        throw new AppError('invalid_path', `this worker does not know the path variable \${${match[1]}}`);
      const rest = normalize(match[2] ?? '.');
      if (rest === '..' || rest.startsWith(`..${sep}`))
        throw new AppError('invalid_path', `${JSON.stringify(name)} leaves its folder`);
      return join(folder, rest);
    },
  };
}
