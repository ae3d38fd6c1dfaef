import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import type { AttemptId } from '../../../shared/job/ids.ts';
import { unlessErrno } from '../../../shared/storage/errno.ts';
import { identifyFile } from '../../../shared/storage/file-identity.ts';
import { tryToWrite } from './try-to-write.ts';

type Output = {
  readonly input: string;
  readonly output: string;
  /** The hidden folder that holds the parts. */
  readonly parts: string;
  readonly overwrite: boolean;
  /** Who asks. */
  readonly attempt: AttemptId;
};

/**
 * Finds out whether the result can be put where it is to go, before anything is encoded.
 *
 * @throws AppError `output_directory_missing`, `output_not_a_file`, `same_file`, `output_exists`,
 *   `output_not_writable`, `disk_full`
 */
export async function checkOutput({ input, output, parts, overwrite, attempt }: Output): Promise<void> {
  if (!(await isFolder(dirname(output))))
    throw new AppError('output_directory_missing', `the folder ${dirname(output)} does not exist`);
  if (await isFolder(output)) throw new AppError('output_not_a_file', `the output ${output} is a folder`);
  await checkPresent(input, output, overwrite);
  await tryToWrite(parts, attempt, 'output_not_writable');
}

async function isFolder(path: string): Promise<boolean> {
  return (await unlessErrno(['ENOENT', 'ENOTDIR'], stat(path)))?.isDirectory() ?? false;
}

async function checkPresent(input: string, output: string, overwrite: boolean): Promise<void> {
  const [present, source] = await Promise.all([
    identifyFile(output, { follow: true }),
    identifyFile(input, { follow: true }),
  ]);
  if (present === undefined) return;
  if (present.device === source?.device && present.inode === source.inode)
    throw new AppError('same_file', `the output ${output} is the input itself`);
  if (!overwrite) throw new AppError('output_exists', `the output ${output} exists and overwrite is not set`);
}
