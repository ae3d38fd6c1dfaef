import type { TaskSpec } from '../../shared/job/task.ts';
import { identifyFile } from '../../shared/storage/file-identity.ts';
import type { PathNames } from '../../shared/storage/path-names.ts';

/** The names of the intermediate files of a task that are missing or short: what made them has to run again. */
export async function findLostFiles(spec: TaskSpec, paths: PathNames): Promise<string[]> {
  if (spec.kind !== 'assemble') return [];
  const files = [...spec.segments.map(({ file }) => file), ...(spec.rest === null ? [] : [spec.rest])];
  const whole = await Promise.all(
    files.map(async ({ path, size_bytes }) => (await identifyFile(await paths.locate(path)))?.sizeBytes === size_bytes),
  );
  return files.filter((_, index) => !whole[index]).map(({ path }) => path);
}
