import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { RunTask } from '../../../../services/worker/execute-task.ts';
import { AppError } from '../../../../shared/errors.ts';
import { newId } from '../../../../shared/job/ids.ts';
import type { ReportBody } from '../../../../shared/wire/workers.ts';
import { eventually } from '../../../support/eventually.ts';
import { FakeCoordinator } from '../../../support/fake-coordinator.ts';
import { isAlive } from '../../../support/is-alive.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { startTestWorker } from '../../../support/test-worker.ts';
import { makeFile, publishedFileOf, publishingTask, segmentTask, settling } from '../../../support/worker-tasks.ts';

let coordinator: FakeCoordinator;
let folder: string;
let media: string;

beforeEach(async () => {
  coordinator = await FakeCoordinator.start();
  coordinator.heartbeatSeconds = 0.02;
  folder = await temporaryFolder();
  media = join(folder, 'media');
  await Promise.all(['media', 'scratch', 'outside'].map((name) => mkdir(join(folder, name))));
  onTestFinished(() => coordinator.down());
});

const start = (change: Partial<Parameters<typeof startTestWorker>[0]> = {}) =>
  startTestWorker({
    ...{ url: coordinator.url, folder, folders: { media, scratch: join(folder, 'scratch') } },
    ...{ timing: { storageCheckMs: 5 }, ...change },
  });
const status = () => coordinator.heartbeats().at(-1)?.status;
const oneReport = () =>
  eventually(() => {
    const reports = coordinator.of<ReportBody>('report');
    expect(reports).toHaveLength(1);
    return (reports[0] as (typeof reports)[number]).body;
  });
/** Among the reports of claims that were given back, when nothing was to be claimed any more. */
const reportedRetry = () =>
  eventually(() => {
    const bodies = coordinator.of<ReportBody>('report').map(({ body }) => body);
    const found = bodies.find(({ outcome }) => outcome === 'retry');
    if (found === undefined) throw new Error('no failure was reported');
    return found;
  });
/** Names below the variable, as `publishingTask` joins them. */
const IN_MEDIA = '${media}';

test('a worker says which path variables it has, where it is and what it runs', async () => {
  await start();
  expect(coordinator.registrations()[0]).toMatchObject({
    paths: ['media', 'scratch'],
    address: expect.stringMatching(/./),
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
});

test('a worker without path variables offers the files of its own machine', async () => {
  await startTestWorker({ url: coordinator.url, folder });
  expect(coordinator.registrations()[0]).toMatchObject({ paths: ['/', 'scratch'] });
});

test('a folder that is not there ends the start', async () => {
  const missing = { media: join(folder, 'no'), scratch: join(folder, 'nor') };
  await expect(start({ folders: missing })).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringMatching(/media=.*\n.*scratch=/),
  });
});

test('a worker whose storage is gone says so and takes nothing until it is back', async () => {
  await start();
  await eventually(() => expect(status()).toBe('online'));
  await rename(media, join(folder, 'elsewhere'));
  await eventually(() => expect(status()).toBe('error'));
  // The standing claim is given up; no other follows.
  await eventually(() => expect(coordinator.of<ReportBody>('report').length).toBeGreaterThan(0));
  const claims = coordinator.of('claim').length;
  const beats = coordinator.heartbeats().length;
  await eventually(() => expect(coordinator.heartbeats().length).toBeGreaterThan(beats + 5));
  expect(coordinator.of('claim')).toHaveLength(claims);
  await rename(join(folder, 'elsewhere'), media);
  await eventually(() => expect(status()).toBe('online'));
  coordinator.give(publishingTask(IN_MEDIA));
  await eventually(() => expect(existsSync(join(media, 'out.mp4'))).toBe(true));
});

test('what fails while the storage is gone is the storage’s fault, whatever it looked like', async () => {
  const run: RunTask = async () => {
    await rename(media, join(folder, 'elsewhere'));
    throw new AppError('input_missing', 'the input does not exist');
  };
  await start({ runTaskKind: run, timing: { storageCheckMs: 60_000 } });
  coordinator.give(publishingTask(IN_MEDIA));
  expect((await reportedRetry()).error).toMatchObject({
    ...{ code: 'storage_failed', fault: 'storage', message: 'the storage of ${media} is gone from this worker' },
  });
  // Known before the task was given back, long before the next look was due: it goes to another worker.
  await eventually(() => expect(status()).toBe('error'));
});

test('a task whose variable this worker no longer has is for another one', async () => {
  await start();
  coordinator.give(publishingTask('${films}'));
  expect(await oneReport()).toMatchObject({ outcome: 'retry', error: { code: 'storage_failed' } });
});

test('an absolute name is refused where path variables are set', async () => {
  await start();
  coordinator.give(publishingTask(media));
  expect(await oneReport()).toMatchObject({ outcome: 'reject', error: { code: 'invalid_path', fault: 'request' } });
  expect(await readdir(media)).toEqual([]);
});

test('a link that was swapped in while the task ran does not lead its file out', async () => {
  const run: RunTask = async (context, spec) => {
    const file = await makeFile(context, spec);
    await rename(join(media, 'films'), join(folder, 'outside', 'films'));
    await symlink(join(folder, 'outside', 'films'), join(media, 'films'));
    return file;
  };
  await mkdir(join(media, 'films'));
  await start({ runTaskKind: run });
  coordinator.give(publishingTask(`${IN_MEDIA}/films`));
  expect(await oneReport()).toMatchObject({ outcome: 'reject', error: { code: 'invalid_path' } });
  expect(existsSync(join(folder, 'outside', 'films', 'out.mp4'))).toBe(false);
});

test('a settler that does not have the storage leaves the publication to others instead of ending or undoing it', async () => {
  const task = publishingTask('${films}');
  const winner = newId();
  const file = publishedFileOf(`\${films}/.ffmill-${task.job_id}/transcode.${winner}.part`, {
    inode: '1',
    sizeBytes: 1,
  });
  const worker = await start({ timing: { rollBackAfterMs: 0, storageCheckMs: 60_000 } });
  coordinator.give(settling(task, winner, file, 1_000));
  // The slot is free again at once, the publication goes on trying.
  await eventually(() => expect(coordinator.of('claim').length).toBeGreaterThan(1));
  await eventually(() => expect(coordinator.heartbeats().at(-1)?.tasks).toHaveLength(1));
  await worker.stop({ mode: 'immediate' });
  const [settler] = coordinator.of('claim');
  const report = coordinator.of<ReportBody>('report').find(({ id }) => id === settler?.body.claim_id);
  expect(report?.body).toMatchObject({ outcome: 'interrupted', counted: false, error: { code: 'storage_failed' } });
});

test('an attempt on storage that hangs is ended, so that it runs elsewhere', async () => {
  // Stands in for a mount that hangs: the look at it never ends.
  const bin = join(folder, 'bin');
  const { PATH = '' } = process.env;
  await mkdir(bin);
  await writeFile(join(bin, 'stat'), `#!/bin/sh\necho $$ > ${folder}/hanging\nexec sleep 600\n`, { mode: 0o755 });
  const never = Promise.withResolvers<never>();
  await start({
    runTaskKind: () => {
      process.env.PATH = `${bin}:${PATH}`;
      return never.promise;
    },
    timing: { storageCheckMs: 5, storageDeadlineMs: 500, storagePatienceMs: 100 },
  });
  onTestFinished(() => {
    process.env.PATH = PATH;
    never.reject(new Error('the storage is back'));
  });
  coordinator.give(segmentTask());
  expect((await reportedRetry()).error).toMatchObject({ code: 'storage_failed' });
  await eventually(() => expect(status()).toBe('error'));
  process.env.PATH = PATH;
  await eventually(() => expect(status()).toBe('online'));
  const pid = Number(await readFile(join(folder, 'hanging'), 'utf8'));
  expect(isAlive(pid)).toBe(false); // the look died with its shell
});
