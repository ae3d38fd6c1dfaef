import { AppError } from '../../../shared/errors.ts';
import { errnoOf } from '../../../shared/storage/errno.ts';
import { findRoot, type Root } from '../../../shared/storage/root.ts';

/**
 * The folders that this worker's path variables stand for, as they are at its start.
 *
 * @throws AppError `invalid_request` that lists every one that is no folder.
 */
export async function openRoots(folders: Readonly<Record<string, string>>): Promise<Root[]> {
  const found = await Promise.all(
    Object.entries(folders).map(async ([variable, folder]) => {
      const root = await findRoot({ variable, folder }).catch((error: unknown) => errnoOf(error) ?? String(error));
      return root ?? 'there is no such folder';
    }),
  );
  const problems = Object.entries(folders).flatMap(([variable, folder], index) => {
    const root = found[index];
    return typeof root === 'string' ? [`  FFMILL_PATHS: ${variable}=${folder}: ${root}`] : [];
  });
  if (problems.length > 0)
    throw new AppError('invalid_request', `the configuration is not valid:\n${problems.join('\n')}`);
  return found.filter((root) => typeof root !== 'string');
}
