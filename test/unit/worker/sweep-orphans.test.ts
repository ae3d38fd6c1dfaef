import { mkdir, readdir, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { createFolders } from '../../../services/worker/folders.ts';
import { createHeldAttempts } from '../../../services/worker/held-attempts.ts';
import { sweepOrphans } from '../../../services/worker/sweep-orphans.ts';
import { inOwnFile } from '../../../services/worker/tasks/in-own-file.ts';
import { tryToWrite } from '../../../services/worker/tasks/try-to-write.ts';
import { type AttemptId, type JobId, newId, type WorkerId } from '../../../shared/job/ids.ts';
import { pathNames } from '../../../shared/storage/path-names.ts';
import type { LeftoversAnswer } from '../../../shared/wire/workers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let folder = '';
let scratch = '';
beforeEach(async () => {
  folder = await temporaryFolder();
  scratch = join(folder, 'scratch');
  await mkdir(scratch);
});

/** A worker that sweeps a scratch folder which others share; the coordinators say what is over. */
function sweeper({ over = [], parts = [] }: Partial<LeftoversAnswer>, ended: readonly string[]) {
  const asked: { jobs: JobId[]; attempts: AttemptId[] } = { jobs: [], attempts: [] };
  const roots = { scratch, media: folder };
  const sweep = (job?: JobId) =>
    sweepOrphans(
      {
        coordinator: {
          async findLeftovers(_, jobs) {
            asked.jobs.push(...jobs);
            return { over: over.filter((id) => jobs.includes(id as JobId)), parts };
          },
          async findEnded(attempts) {
            asked.attempts.push(...attempts);
            return attempts.filter((id) => ended.includes(id));
          },
        },
        registration: { workerId: newId<WorkerId>() },
        journal: { folders: () => [], forgetFolder: () => {} },
        held: createHeldAttempts(),
        folders: createFolders(),
        paths: pathNames(
          Object.entries(roots).map(([variable, path]) => ({ variable, folder: path, mounted: false })),
          { absolute: false },
        ),
        signal: new AbortController().signal,
      },
      job,
    );
  return { sweep, asked };
}

async function leave(job: JobId, attempt: AttemptId, place = join(scratch, job)): Promise<void> {
  await mkdir(place, { recursive: true });
  await writeFile(join(place, `segment-0000.${attempt}.mp4`), '');
}

test('only the folders of jobs that are over are looked into, however many there are', async () => {
  const [over, open, attempt] = [newId<JobId>(), newId<JobId>(), newId<AttemptId>()];
  await leave(over, attempt);
  await leave(open, newId<AttemptId>());
  const { sweep, asked } = sweeper({ over: [over] }, [attempt]);
  await sweep();
  expect(asked.jobs.toSorted()).toEqual([over, open].toSorted());
  expect(asked.attempts).toEqual([attempt]);
  expect(await readdir(scratch)).toEqual([open]);
});

test('an attempt that the coordinators do not call ended keeps its file, in whatever job', async () => {
  const [job, attempt] = [newId<JobId>(), newId<AttemptId>()];
  await leave(job, attempt);
  await sweeper({ over: [job] }, []).sweep();
  expect(await readdir(join(scratch, job))).toEqual([`segment-0000.${attempt}.mp4`]);
});

test('the empty folder that a killed worker left goes when its job is over', async () => {
  const [over, open] = [newId<JobId>(), newId<JobId>()];
  await Promise.all([over, open].map((job) => mkdir(join(scratch, job))));
  await sweeper({ over: [over] }, []).sweep();
  expect(await readdir(scratch)).toEqual([open]);
});

test('workers that sweep at the same time do not stumble over each other', async () => {
  const jobs = Array.from({ length: 20 }, () => newId<JobId>());
  const attempts = jobs.map(() => newId<AttemptId>());
  for (const [index, job] of jobs.entries()) await leave(job, attempts[index] as AttemptId);
  const sweepers = Array.from({ length: 4 }, () => sweeper({ over: jobs }, attempts));
  await Promise.all(sweepers.map(({ sweep }) => sweep()));
  expect(await readdir(scratch)).toEqual([]);
});

test('what a dead worker left beside an output is removed, but for what a link would lead to', async () => {
  const attempt = newId<AttemptId>();
  const name = `.ffmill-${newId<JobId>()}`;
  await leave(newId<JobId>(), attempt, join(folder, name));
  const { sweep } = sweeper({ parts: [`\${media}/${name}`] }, [attempt]);
  await sweep();
  expect(await readdir(folder)).toEqual(['scratch']);
  const outside = await temporaryFolder();
  await leave(newId<JobId>(), attempt, outside);
  await symlink(outside, join(folder, name));
  await sweep();
  expect(await readdir(outside)).toHaveLength(1);
});

test('without its storage nothing is swept', async () => {
  const { sweep, asked } = sweeper({}, []);
  scratch = join(folder, 'elsewhere');
  const gone = sweeper({}, []);
  await expect(gone.sweep()).rejects.toMatchObject({ code: 'storage_failed' });
  expect(gone.asked.jobs).toEqual([]);
  await sweep();
  expect(asked.jobs).toEqual([]);
});

/** Removes a folder whenever it is empty, three times at the most; `end` when that is not needed any more. */
function removeThrice(path: string): { end(): Promise<void> } {
  let left = 3;
  async function remove(): Promise<void> {
    while (left > 0)
      await rmdir(path).then(
        () => {
          left -= 1;
        },
        () => undefined,
      );
  }
  const removing = remove();
  return {
    end() {
      left = 0;
      return removing;
    },
  };
}

test('who makes a first file in a folder that another worker removes as empty makes the folder again', async () => {
  const file = join(scratch, newId<JobId>(), 'file');
  let made = 0;
  for (let round = 0; round < 10; round += 1) {
    const first = removeThrice(dirname(file));
    await inOwnFile(file, async () => {
      made += 1;
    });
    await first.end();
    await rm(dirname(file), { recursive: true });
    const second = removeThrice(dirname(file));
    await tryToWrite(dirname(file), newId<AttemptId>(), 'storage_failed');
    await second.end();
  }
  expect(made).toBe(10);
});
