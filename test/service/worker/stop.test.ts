import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { sleep } from '../../../shared/runtime/sleep.ts';
import type { ReportBody } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeCoordinator } from '../../support/fake-coordinator.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { startTestWorker } from '../../support/test-worker.ts';
import { makeFile, publishingTask, runUntilAborted, segmentTask } from '../../support/worker-tasks.ts';

let coordinator: FakeCoordinator;
let folder: string;

beforeEach(async () => {
  coordinator = await FakeCoordinator.start();
  folder = await temporaryFolder();
  onTestFinished(() => coordinator.down());
});

const reportOf = (claimed: number) => {
  const id = coordinator.of('claim')[claimed]?.body.claim_id;
  return coordinator.of<ReportBody>('report').find((call) => call.id === id)?.body;
};

test('an immediate stop gives running tasks back at once, uncounted, and leaves nothing', async () => {
  const { run, started } = runUntilAborted();
  const worker = await startTestWorker({ url: coordinator.url, folder, runTaskKind: run });
  coordinator.give(segmentTask());
  await started;
  await worker.stop({ mode: 'immediate' });
  expect(reportOf(0)).toMatchObject({ outcome: 'interrupted', counted: false, error: { code: 'shutdown' } });
  expect(await readdir(join(folder, 'scratch'))).toEqual([]);
});

test('a stop gives back the claim that waits, in case it was granted', async () => {
  const worker = await startTestWorker({ url: coordinator.url, folder });
  await eventually(() => expect(coordinator.of('claim')).toHaveLength(1));
  await worker.stop({ mode: 'drain' });
  expect(reportOf(0)).toMatchObject({ outcome: 'interrupted', counted: false });
});

test('a drain finishes what runs and takes nothing new', async () => {
  const gate = Promise.withResolvers<void>();
  const worker = await startTestWorker({
    ...{ url: coordinator.url, folder },
    runTaskKind: async (context, spec) => {
      await gate.promise;
      return makeFile(context, spec);
    },
  });
  coordinator.give(segmentTask());
  await eventually(() => expect(coordinator.heartbeats().at(-1)?.tasks).toHaveLength(1));
  const stopped = worker.stop({ mode: 'drain' });
  await eventually(() => expect(coordinator.heartbeats().at(-1)?.status).toBe('draining'));
  coordinator.give(segmentTask());
  gate.resolve();
  await stopped;
  expect(reportOf(0)?.outcome).toBe('done');
  expect(coordinator.of('claim')).toHaveLength(1);
});

test.each([
  { mode: 'graceful', drainGraceMs: 50, outcome: 'interrupted' },
  { mode: 'graceful', drainGraceMs: 0, outcome: 'done' },
  { mode: 'drain', drainGraceMs: 50, outcome: 'done' },
] as const)('a task that outlasts a grace of $drainGraceMs ms ends a $mode stop as $outcome', async (end) => {
  const graceOver = 200;
  const worker = await startTestWorker({
    ...{ url: coordinator.url, folder, drainGraceMs: end.drainGraceMs },
    runTaskKind: async (context, spec) => {
      await sleep(graceOver, context.signal);
      context.signal.throwIfAborted();
      return makeFile(context, spec);
    },
  });
  coordinator.give(segmentTask());
  await eventually(() => expect(coordinator.heartbeats().at(-1)?.tasks).toHaveLength(1));
  await worker.stop({ mode: end.mode });
  expect(reportOf(0)?.outcome).toBe(end.outcome);
});

test('the last that is heard of a worker is that it is offline, after its reports and with nothing held', async () => {
  const { run, started } = runUntilAborted();
  const worker = await startTestWorker({ url: coordinator.url, folder, runTaskKind: run });
  coordinator.give(segmentTask());
  await started;
  await worker.stop({ mode: 'immediate' });
  expect(coordinator.calls.at(-1)).toMatchObject({ action: 'heartbeat', body: { status: 'offline', tasks: [] } });
  expect(coordinator.heartbeats().filter(({ status }) => status === 'offline')).toHaveLength(1);
});

test('a heartbeat under way does not come after the last', async () => {
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  coordinator.answers.heartbeat = async ({ body }) => {
    if (body.status === 'offline') return undefined;
    asked.resolve();
    await held.promise;
    return undefined;
  };
  const worker = await startTestWorker({ url: coordinator.url, folder });
  await asked.promise;
  const stopped = worker.stop({ mode: 'immediate' });
  await eventually(() => expect(reportOf(0)).toBeDefined());
  expect(coordinator.heartbeats().at(-1)?.status).not.toBe('offline');
  held.resolve();
  await stopped;
  expect(coordinator.heartbeats().at(-1)?.status).toBe('offline');
});

test('a drain can be hurried', async () => {
  const { run, started } = runUntilAborted();
  const worker = await startTestWorker({ url: coordinator.url, folder, runTaskKind: run });
  coordinator.give(segmentTask());
  await started;
  const drained = worker.stop({ mode: 'drain' });
  await worker.stop({ mode: 'immediate' });
  await drained;
  expect(reportOf(0)?.outcome).toBe('interrupted');
});

test('with no coordinator a stop is bounded, and the next life says what was left unsaid', async () => {
  const { run, started } = runUntilAborted();
  const worker = await startTestWorker({ url: coordinator.url, folder, runTaskKind: run });
  coordinator.give(segmentTask());
  await started;
  await coordinator.down();
  const begun = performance.now();
  await worker.stop({ mode: 'immediate' });
  expect(performance.now() - begun).toBeLessThan(3_000);
  expect(coordinator.of('report')).toEqual([]);

  await coordinator.up();
  await startTestWorker({ url: coordinator.url, folder });
  expect(reportOf(0)).toMatchObject({ outcome: 'interrupted', counted: false });
});

test('a stop does not break a publication off: it is finished', async () => {
  const committed = Promise.withResolvers<void>();
  const stopping = Promise.withResolvers<void>();
  coordinator.answers.commit = async () => {
    committed.resolve();
    await stopping.promise;
    return undefined;
  };
  const worker = await startTestWorker({ url: coordinator.url, folder });
  coordinator.give(publishingTask(folder));
  await committed.promise;
  const stopped = worker.stop({ mode: 'immediate' });
  stopping.resolve();
  await stopped;
  expect(reportOf(0)?.outcome).toBe('done');
  expect((await readdir(folder)).sort()).toEqual(['data', 'out.mp4', 'scratch']);
});

test('a stop twice is a stop', async () => {
  const worker = await startTestWorker({ url: coordinator.url, folder });
  await Promise.all([worker.stop({ mode: 'immediate' }), worker.stop({ mode: 'immediate' })]);
  await worker.stop({ mode: 'drain' });
});
