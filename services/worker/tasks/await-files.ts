import { AppError } from '../../../shared/errors.ts';
import type { MadeFile } from '../../../shared/job/task-result.ts';
import { sleep } from '../../../shared/runtime/sleep.ts';
import { identifyFile } from '../../../shared/storage/file-identity.ts';
import type { TaskContext } from './task-context.ts';

/** A file that a report vouched for. `what` names it to people: `segment 3`. */
export type ExpectedFile = { readonly file: MadeFile; readonly what: string };

type Patience = { readonly patienceMs?: number; readonly pauseMs?: number };

const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

/**
 * Waits until every file is there in its full size. Network storage may show a file of another machine late; one that
 * stays away was lost.
 *
 * @throws AppError `part_lost`; its `problems` point to the files by name. The signal's reason when it was aborted.
 */
export async function awaitFiles(
  { paths, signal }: Pick<TaskContext, 'paths' | 'signal'>,
  files: readonly ExpectedFile[],
  { patienceMs = PATIENCE_MS, pauseMs = PAUSE_MS }: Patience = {},
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const missing = await missingOf(paths, files);
    if (missing.length === 0) return;
    if (performance.now() >= deadline) throw partLost(missing);
    await sleep(pauseMs, signal);
    signal.throwIfAborted();
  }
}

async function missingOf(paths: TaskContext['paths'], files: readonly ExpectedFile[]): Promise<ExpectedFile[]> {
  const whole = await Promise.all(
    files.map(async ({ file }) => (await identifyFile(await paths.locate(file.path)))?.sizeBytes === file.size_bytes),
  );
  return files.filter((_, index) => !whole[index]);
}

function partLost(missing: readonly ExpectedFile[]): AppError {
  const names = missing.map(({ what }) => what).join(', ');
  const problems = missing.map(({ file, what }) => ({ pointer: file.path, message: `${what} is missing or short` }));
  return new AppError('part_lost', `missing or short: ${names}`, { problems });
}
