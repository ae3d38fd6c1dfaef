import { join } from 'node:path';
import type { AttemptId } from '../job/ids.ts';
import { listNames } from './list-names.ts';
import { unlinkIfThere } from './remove-if-there.ts';

/**
 * Takes the finished files of all other attempts at a task out of the way, so that none of them can be published any
 * more even if the database forgot who won. Only for the attempt that the answer to its commit names as winner, or for
 * whoever settles on its behalf: anybody else would destroy the winner's file.
 */
export async function unlinkOtherParts(folder: string, kind: string, winner: AttemptId): Promise<void> {
  const others = (await listNames(folder)).filter((name) => isPart(name, kind) && name !== partName(kind, winner));
  await Promise.all(others.map((name) => unlinkIfThere(join(folder, name))));
}

/** What the finished file of a publishing attempt is called. */
export function partName(kind: string, attempt: AttemptId): string {
  return `${kind}.${attempt}.part`;
}

function isPart(name: string, kind: string): boolean {
  return name.startsWith(`${kind}.`) && name.endsWith('.part');
}
