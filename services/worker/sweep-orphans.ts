import { dirname, join } from 'node:path';
import type { AttemptId, JobId } from '../../shared/job/ids.ts';
import type { PathName } from '../../shared/job/job.ts';
import { listNames } from '../../shared/storage/list-names.ts';
import type { PathNames } from '../../shared/storage/path-names.ts';
import { unlinkIfThere } from '../../shared/storage/remove-if-there.ts';
import { attemptId, jobId } from '../../shared/wire/ids.ts';
import type { LeftoversAnswer } from '../../shared/wire/workers.ts';
import type { Folders } from './folders.ts';
import type { HeldAttempts } from './held-attempts.ts';
import type { Journal } from './journal.ts';
import type { Registration } from './registration.ts';
import type { Coordinator } from './uplink/coordinator.ts';

type Sweeping = {
  readonly coordinator: Pick<Coordinator, 'findEnded' | 'findLeftovers'>;
  readonly registration: Pick<Registration, 'workerId'>;
  readonly journal: Pick<Journal, 'folders' | 'forgetFolder'>;
  readonly held: HeldAttempts;
  readonly folders: Folders;
  /** `${scratch}` holds one folder per job, and is shared by all workers with this storage. */
  readonly paths: PathNames;
  readonly signal: AbortSignal;
};

const SCRATCH = '${scratch}';
const NOTHING: LeftoversAnswer = { over: [], parts: [] };
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
/** As many as one question may hold. */
const MOST_AT_ONCE = 1_000;

type Leftover = { readonly path: string; readonly attempt: AttemptId };

/**
 * Removes what attempts left behind in the scratch folder and beside outputs: after `kill -9`, after an outage, and when
 * a job has ended. Never by age or by guess: only files whose attempt the coordinators call ended. `job` looks only at
 * that one's scratch folder. Without it the scratch folders of all jobs that are over are looked at (not of the others:
 * in a large farm there are thousands, and every worker looks), and what workers that are gone may have left beside
 * outputs.
 */
export async function sweepOrphans(sweeping: Sweeping, job?: string): Promise<void> {
  const { paths, journal } = sweeping;
  await paths.checkRoots([SCRATCH]);
  const scratch = paths.resolve(SCRATCH);
  const { over, parts } = job === undefined ? await findLeftovers(sweeping, await listNames(scratch)) : NOTHING;
  const jobs = (job === undefined ? over : [job]).map((name) => join(scratch, name));
  const remembered = journal.folders();
  const abandoned = await Promise.all(parts.map((name) => locateUnlessRefused(paths, name)));
  const folders = new Set([...jobs, ...abandoned.flat(), ...remembered]);
  const found = (await Promise.all([...folders].map(listLeftovers))).flat();
  const ended = await askWhichEnded(sweeping, found);
  const removable = found.filter(({ attempt }) => ended.has(attempt));
  await Promise.all(removable.map(({ path }) => unlinkIfThere(path)));
  // Who has just made an empty folder for a first file makes it again.
  const emptied = job === undefined ? folders : [...removable.map(({ path }) => dirname(path)), ...remembered];
  for (const folder of new Set(emptied)) {
    if (await sweeping.folders.tidy(folder)) journal.forgetFolder(folder);
  }
}

/** A folder that has become a link out of its storage, or whose storage is gone, keeps nobody from sweeping the others. */
async function locateUnlessRefused(paths: PathNames, name: PathName): Promise<string[]> {
  return paths.locate(name).then(
    (path) => [path],
    () => [],
  );
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
  for (let start = 0; start < attempts.length; start += MOST_AT_ONCE) {
    const some = await coordinator.findEnded(attempts.slice(start, start + MOST_AT_ONCE), signal);
    for (const id of some) ended.add(id);
  }
  return ended;
}

/** What the coordinators have to say about the folders in scratch, in as many questions as it takes. */
async function findLeftovers(
  { coordinator, registration, signal }: Sweeping,
  names: readonly string[],
): Promise<LeftoversAnswer> {
  const jobs = names.flatMap((name) => jobId.safeParse(name).data ?? []);
  const ask = (some: JobId[]) => coordinator.findLeftovers(registration.workerId, some, signal);
  let found = await ask(jobs.slice(0, MOST_AT_ONCE));
  for (let start = MOST_AT_ONCE; start < jobs.length; start += MOST_AT_ONCE) {
    const { over } = await ask(jobs.slice(start, start + MOST_AT_ONCE));
    found = { ...found, over: [...found.over, ...over] };
  }
  return found;
}
