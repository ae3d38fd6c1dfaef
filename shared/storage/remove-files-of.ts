import { join } from 'node:path';
import type { AttemptId } from '../job/ids.ts';
import { listNames } from './list-names.ts';
import { unlinkIfThere } from './remove-if-there.ts';

/** Removes what one attempt left in a folder: every file it makes has its id in the name, and nobody else's has. */
export async function removeFilesOf(attempt: AttemptId, folder: string): Promise<void> {
  const names = (await listNames(folder)).filter((name) => name.includes(attempt));
  await Promise.all(names.map((name) => unlinkIfThere(join(folder, name))));
}
