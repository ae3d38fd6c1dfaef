import { createHash } from 'node:crypto';
import type { JobRequestInput } from '../../../shared/wire/jobs.ts';

/**
 * What the same command line has in common with itself, from whatever folder it is typed: paths are absolute in the
 * request, and how many slots there are does not matter for the file.
 */
export function workName(request: JobRequestInput): string {
  const ordered = Object.entries(request).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(ordered)).digest('hex').slice(0, 16);
}
