import { basename, dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { AppError } from '../errors.ts';
import type { PathName } from '../job/job.ts';
import { splitPathName } from '../job/path-variable.ts';
import { errnoOf } from './errno.ts';
import { realPlace } from './real-place.ts';
import { checkRoot, type Root } from './root.ts';

/**
 * Turns the names that jobs carry into paths of this machine. `${name}/…` stands for a file below a folder that the
 * machine maps; an absolute name for that very file, where the machine lets jobs name its own files.
 */
export type PathNames = {
  /**
   * The path as it is written, for what touches nothing that a user named.
   *
   * @throws AppError `invalid_path` for a relative name, an absolute one that is not allowed here, or `..` after a
   *   variable; `storage_failed` for a variable that this machine does not have: another worker may.
   */
  resolve(name: PathName): string;
  /**
   * The path of a file that is opened now. What is below a variable must be below its root with all links followed; the
   * path that is returned has none on the way. `last`: what becomes of a link in the last place, `follow` where the file
   * is opened, `keep` where the name itself is going to be replaced.
   *
   * @throws AppError as `resolve`, and `invalid_path` when links lead out of the root, `storage_failed` when the root is
   *   gone or does not answer
   *   as it should.
   */
  locate(name: PathName, last?: 'follow' | 'keep'): Promise<string>;
  /** @throws AppError `storage_failed` when the storage of one of these names is gone. */
  checkRoots(names: readonly PathName[]): Promise<void>;
};

type Allowed = {
  /** Whether jobs may name the machine's own files by absolute path. */
  readonly absolute: boolean;
};

/** Names of a machine with these roots. */
export function pathNames(roots: readonly Root[], { absolute }: Allowed): PathNames {
  const byVariable = new Map(roots.map((root) => [root.variable, root]));

  /** undefined: an absolute name. */
  function rootOf(name: PathName): Root | undefined {
    const split = splitPathName(name);
    if (split === undefined) return refuseUnlessOwn(name, absolute);
    const root = byVariable.get(split.variable);
    if (root === undefined)
      throw new AppError('storage_failed', `this worker does not have the path variable \${${split.variable}}`);
    return root;
  }

  function resolve(name: PathName): string {
    const root = rootOf(name);
    if (root === undefined) return normalize(name);
    const rest = normalize(`.${splitPathName(name)?.rest ?? ''}`);
    if (rest === '..' || rest.startsWith(`..${sep}`))
      throw new AppError('invalid_path', `${JSON.stringify(name)} leaves its folder`);
    return join(root.folder, rest);
  }

  return {
    resolve,
    async locate(name, last = 'follow') {
      const path = resolve(name);
      const root = rootOf(name);
      if (root === undefined) return path;
      await checkRoot(root);
      const [place, above] = await places(root, path, last);
      if (!isBelow(place, above))
        throw new AppError(
          'invalid_path',
          `${JSON.stringify(name)} leads out of \${${root.variable}} by a symbolic link`,
        );
      return place;
    },
    async checkRoots(names) {
      const named = new Set(names.flatMap((name) => byVariable.get(splitPathName(name)?.variable ?? '') ?? []));
      await Promise.all([...named].map(checkRoot));
    },
  };
}

/** Names of a machine that lets jobs name its own files, and has these folders besides. */
export function localPathNames(folders: Readonly<Record<string, string>>): PathNames {
  const roots = Object.entries(folders).map(([variable, folder]) => ({ variable, folder, mounted: false }));
  return pathNames(roots, { absolute: true });
}

function refuseUnlessOwn(name: PathName, allowed: boolean): undefined {
  if (!isAbsolute(name))
    throw new AppError(
      'invalid_path',
      `${JSON.stringify(name)} is neither an absolute path nor begins with a path variable`,
    );
  if (!allowed)
    throw new AppError('invalid_path', `this worker takes no absolute names, only those below a path variable`);
}

/** Where a path leads, and where its root is. */
async function places({ variable, folder }: Root, path: string, last: 'follow' | 'keep'): Promise<[string, string]> {
  try {
    const above = await realPlace(folder);
    return [last === 'follow' ? await realPlace(path) : join(await realPlace(dirname(path)), basename(path)), above];
  } catch (cause) {
    throw new AppError('storage_failed', `the storage of \${${variable}} does not answer: ${errnoOf(cause)}`, {
      cause,
    });
  }
}

function isBelow(path: string, root: string): boolean {
  return path === root || path.startsWith(root === '/' ? root : `${root}${sep}`);
}
