import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Takes what is to be done at the end: of the running test, unless somebody else collects it. */
export type AtEnd = (action: () => Promise<void>) => void;

/** A folder for the running test, removed after it. */
export async function temporaryFolder(atEnd: AtEnd = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'ffmill-test-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
