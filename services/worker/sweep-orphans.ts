import { dirname, join } from 'node:path';
import type { AttemptId } from '../../shared/job/ids.ts';
import { listNames } from '../../shared/storage/list-names.ts';
import { unlinkIfThere } from '../../shared/storage/remove-if-there.ts';
import { attemptId } from '../../shared/wire/ids.ts';
import type { Folders } from './folders.ts';
import type { HeldAttempts } from './held-attempts.ts';
import type { Journal } from './journal.ts';
import type { Coordinator } from './uplink/coordinator.ts';

type Sweeping = {
  readonly coordinator: Pick<Coordinator, 'findEnded'>;
  readonly journal: Pick<Journal, 'folders' | 'forgetFolder'>;
  readonly held: HeldAttempts;
  readonly folders: Folders;
  /** Holds one folder per job. */
  readonly scratch: string;
  readonly signal: AbortSignal;
};

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** As many as one question may hold. */
const MOST_ATTEMPTS = 1_000;

type Leftover = { readonly path: string; readonly attempt: AttemptId };

/**
 * Removes what attempts left behind in the scratch folder and beside outputs: after `kill -9`, after an outage, and when
 * a job has ended. Never by age or by guess: only files whose attempt the coordinators call ended. `job` looks only at
 * that one's scratch folder.
 */
export async function sweepOrphans(sweeping: Sweeping, job?: string): Promise<void> {
  const { scratch, journal } = sweeping;
  const jobs = job === undefined ? (await listNames(scratch)).filter(isUuid) : [job];
  const remembered = journal.folders();
  const folders = new Set([...jobs.map((name) => join(scratch, name)), ...remembered]);
  const found = (await Promise.all([...folders].map(listLeftovers))).flat();
  const ended = await askWhichEnded(sweeping, found);
  const removable = found.filter(({ attempt }) => ended.has(attempt));
  await Promise.all(removable.map(({ path }) => unlinkIfThere(path)));
  // An empty folder of which nothing is known may be one that another worker has just made for its first file.
  for (const folder of new Set([...removable.map(({ path }) => dirname(path)), ...remembered])) {
    if (await sweeping.folders.tidy(folder)) journal.forgetFolder(folder);
  }
}

async function listLeftovers(folder: string): Promise<Leftover[]> {
  const names = await listNames(folder);
  return names.flatMap((name) => {
    const attempt = attemptId.safeParse(name.match(UUID)?.at(-1));
    return attempt.success ? [{ path: join(folder, name), attempt: attempt.data }] : [];
  });
}

async function askWhichEnded({ coordinator, held, signal }: Sweeping, found: Leftover[]): Promise<Set<AttemptId>> {
  const attempts = [...new Set(found.map(({ attempt }) => attempt))].filter((id) => held.find(id) === undefined);
  const ended = new Set<AttemptId>();
  for (let start = 0; start < attempts.length; start += MOST_ATTEMPTS) {
    const some = await coordinator.findEnded(attempts.slice(start, start + MOST_ATTEMPTS), signal);
    for (const id of some) ended.add(id);
  }
  return ended;
}

function isUuid(name: string): boolean {
  return attemptId.safeParse(name).success;
}
