import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { findJob } from '../../../shared/db/queries/find-job.ts';
import { publishedOf } from '../../../shared/db/rows.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import { eventually } from '../../support/eventually.ts';
import { LEASE_MS, RealFarm, type WorkerProcess } from '../../support/real-farm.ts';
import { makeTestClip } from '../../support/test-clip.ts';

/** A farm with one worker and a short clip to encode whole. */
async function farmWithClip() {
  const farm = await RealFarm.start();
  makeTestClip(farm.path('in.mp4'), { seconds: 2 });
  const request = { input: farm.path('in.mp4'), output: farm.path('out.mp4'), segment: { mode: 'off' as const } };
  const worker = await farm.startWorker('winner');
  return { farm, worker, request };
}

/** Resolves when the worker's answer or request on this route passes, after `act` was called on it. */
function when(worker: WorkerProcess, moment: 'onRequest' | 'onAnswer', route: string, act: () => void): Promise<void> {
  return new Promise((resolve) => {
    worker.proxy.hooks[moment] = (request: { route: string }) => {
      if (request.route !== route) return;
      act();
      delete worker.proxy.hooks[moment];
      resolve();
    };
  });
}

const COMMIT = 'POST /v1/attempts/:id/commit';
const REPORT = 'POST /v1/attempts/:id/report';

/** The job is completed, the file under the output name is the winner's, and nothing was encoded twice. */
async function expectOnePublication(farm: RealFarm, id: string): Promise<void> {
  await farm.reaches(id, 'completed');
  const row = await findJob(farm.store.db, id as JobId);
  const file = await stat(farm.path('out.mp4'), { bigint: true });
  expect(publishedOf({ result: row?.result ?? null })?.inode).toBe(String(file.ino));
  const [task] = await farm.tasks(id, 'transcode');
  const encodes = task?.attempts.filter(({ settles }) => settles === null) ?? [];
  expect(encodes.map((attempt) => attempt.id)).toEqual([row?.winner]);
  const events = await farm.store.db
    .selectFrom('events')
    .select('event')
    .where('event', '=', 'job.completed')
    .execute();
  expect(events).toHaveLength(1);
}

/** Nothing of ffmill's own is left beside the output. */
async function expectClean(farm: RealFarm): Promise<void> {
  await eventually(async () => {
    expect((await farm.names(farm.folder)).filter((name) => name.startsWith('.ffmill'))).toEqual([]);
    expect(await farm.names(farm.scratch)).toEqual([]);
  }, 10_000);
}

test('a worker stopped between the granted commit and the rename, past its lease, publishes nothing twice', async () => {
  const { farm, worker, request } = await farmWithClip();
  const stopped = when(worker, 'onAnswer', COMMIT, () => worker.kill('SIGSTOP'));
  const id = await farm.submit(request);
  await stopped;
  await farm.startWorker('settler');
  await farm.reaches(id, 'completed', LEASE_MS + 10_000);
  const published = await stat(farm.path('out.mp4'), { bigint: true });
  const late = when(worker, 'onAnswer', REPORT, () => {});
  worker.kill('SIGCONT');
  await late;
  expect((await stat(farm.path('out.mp4'), { bigint: true })).ino).toBe(published.ino);
  await expectOnePublication(farm, id);
  await expectClean(farm);
});

test('a worker killed between the granted commit and the rename: the next one publishes its file', async () => {
  const { farm, worker, request } = await farmWithClip();
  const killed = when(worker, 'onAnswer', COMMIT, () => worker.kill('SIGKILL'));
  const id = await farm.submit(request);
  await killed;
  await farm.startWorker('settler');
  await expectOnePublication(farm, id);
  await expectClean(farm);
});

test('a worker killed right after the rename: the next one finds the file and completes the job', async () => {
  const { farm, worker, request } = await farmWithClip();
  const probed = when(worker, 'onAnswer', REPORT, () => {});
  const id = await farm.submit(request);
  await probed;
  await when(worker, 'onRequest', REPORT, () => worker.kill('SIGKILL'));
  await expect(stat(farm.path('out.mp4'))).resolves.toBeDefined();
  await farm.startWorker('settler');
  await expectOnePublication(farm, id);
  await expectClean(farm);
});

test('a killed winner that is started again finishes its own publication', async () => {
  const { farm, worker, request } = await farmWithClip();
  const killed = when(worker, 'onAnswer', COMMIT, () => worker.kill('SIGKILL'));
  const id = await farm.submit(request);
  await killed;
  await worker.restart();
  await expectOnePublication(farm, id);
  await expectClean(farm);
});

test.each(['POST /v1/workers/register', 'POST /v1/workers/:id/claim', COMMIT, REPORT])(
  'a lost answer to %s changes nothing',
  async (route) => {
    const farm = await RealFarm.start();
    makeTestClip(farm.path('in.mp4'), { seconds: 2 });
    let dropped = 0;
    await farm.startWorker('winner', {
      hooks: {
        onAnswer: (request, { status }) => {
          if (request.route !== route || status >= 400 || dropped >= 2) return undefined;
          dropped += 1;
          return 'drop';
        },
      },
    });
    const id = await farm.submit({
      input: farm.path('in.mp4'),
      output: farm.path('out.mp4'),
      segment: { mode: 'off' },
    });
    await expectOnePublication(farm, id);
    expect(dropped).toBe(2);
  },
);
