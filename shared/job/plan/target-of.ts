import { posix } from 'node:path';
import { AppError } from '../../errors.ts';
import { CONTAINERS, containerOf } from '../container.ts';
import type { JobRequest, PathName } from '../job.ts';
import type { Target } from '../task.ts';

/**
 * Where a job's result goes and how it gets there.
 *
 * @throws AppError `invalid_path` when the output's extension names no container that ffmill writes.
 */
export function targetOf(jobId: string, request: Pick<JobRequest, 'output' | 'overwrite'>): Target {
  const { output, overwrite } = request;
  const container = containerOf(posix.basename(output));
  if (container === undefined) {
    const known = Object.values(CONTAINERS).flatMap(({ extensions }) => extensions.map((name) => `.${name}`));
    throw new AppError('invalid_path', `the output must end in one of ${known.join(', ')}`);
  }
  return { output, container, overwrite, parts: `${posix.dirname(output)}/.ffmill-${jobId}` };
}

/** The folder for a job's intermediate files. */
export function scratchOf(jobId: string): PathName {
  return `\${scratch}/${jobId}`;
}
