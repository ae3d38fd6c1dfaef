import { stat } from 'node:fs/promises';
import { AppError } from '../errors.ts';
import { errnoOf, unlessErrno } from './errno.ts';

/** A folder of this machine that a path variable stands for. */
export type Root = {
  /** The variable's name. */
  readonly variable: string;
  /** Absolute. May itself be a link. */
  readonly folder: string;
  /** Whether something was mounted there at the start: then the bare folder without its mount is not the root. */
  readonly mounted: boolean;
};

/** The root as it is now; undefined when there is no such folder. */
export async function findRoot({ variable, folder }: Pick<Root, 'variable' | 'folder'>): Promise<Root | undefined> {
  const [own, above] = await devices(folder);
  return own === undefined ? undefined : { variable, folder, mounted: own !== above };
}

/**
 * @throws AppError `storage_failed` when the root is gone, or its mount is. A file that cannot be found then is no fault
 *   of the job's.
 */
export async function checkRoot(root: Root): Promise<void> {
  const now = await findRoot(root).catch((cause: unknown) => {
    throw new AppError('storage_failed', `the storage of \${${root.variable}} does not answer: ${errnoOf(cause)}`, {
      cause,
    });
  });
  if (now === undefined || (root.mounted && !now.mounted))
    throw new AppError('storage_failed', `the storage of \${${root.variable}} is gone from this worker`);
}

/** The device numbers of a folder and of the one above it, links followed. */
async function devices(folder: string): Promise<[number | undefined, number | undefined]> {
  const looks = ['.', '..'].map((name) => unlessErrno(['ENOENT', 'ENOTDIR'], stat(`${folder}/${name}`)));
  const [own, above] = await Promise.all(looks);
  return [own?.dev, above?.dev];
}
