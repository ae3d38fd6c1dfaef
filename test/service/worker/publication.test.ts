import { existsSync } from 'node:fs';
import { link, mkdir, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { newId } from '../../../shared/job/ids.ts';
import type { TranscodeSpec } from '../../../shared/job/task.ts';
import type { ReportBody } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { type Action, FakeCoordinator, problem } from '../../support/fake-coordinator.ts';
import { type HttpProxy, startHttpProxy } from '../../support/http-proxy.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { startTestWorker } from '../../support/test-worker.ts';
import { publishingTask, settling, writePart } from '../../support/worker-tasks.ts';

let coordinator: FakeCoordinator;
let proxy: HttpProxy;
let folder: string;

beforeEach(async () => {
  coordinator = await FakeCoordinator.start();
  proxy = await startHttpProxy(coordinator.url);
  folder = await temporaryFolder();
  onTestFinished(async () => {
    await proxy.stop();
    await coordinator.down();
  });
});

const final = () => join(folder, 'out.mp4');
const reports = () => coordinator.of<ReportBody>('report');
const oneReport = () =>
  eventually(() => {
    expect(reports()).toHaveLength(1);
    return reports()[0] as ReturnType<typeof reports>[number];
  });

/** Cuts the connection under the first answer of a kind. */
function dropFirstAnswer(action: Action): void {
  let dropped = false;
  proxy.hooks = {
    onAnswer({ route }) {
      if (dropped || !route.endsWith(`/${action}`)) return undefined;
      dropped = true;
      return 'drop';
    },
  };
}

test.for(['commit', 'report'] as const)('a lost answer to a %s is asked for again', async (action) => {
  dropFirstAnswer(action);
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(publishingTask(folder));
  await eventually(() => expect(coordinator.of(action)).toHaveLength(2));
  const [first, second] = coordinator.of(action);
  expect(second).toEqual(first);
  await eventually(() => expect(reports().at(-1)?.body.outcome).toBe('done'));
  expect(await readFile(final(), 'utf8')).toBe(`made by ${first?.id}`);
});

test('a lost answer to a claim does not make a second attempt', async () => {
  dropFirstAnswer('claim');
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(publishingTask(folder));
  const { id } = await oneReport();
  expect(coordinator.of('claim').filter(({ body }) => body.claim_id === id)).toHaveLength(2);
  expect(await readFile(final(), 'utf8')).toBe(`made by ${id}`);
});

test('an error in between is no refusal: the part is kept and the commit asked again', async () => {
  const pages = [
    { status: 500, body: 'oops' },
    { status: 404, body: 'a proxy’s page' },
    { status: 503, body: '' },
  ];
  coordinator.answers.commit = () => pages.shift();
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(publishingTask(folder));
  expect((await oneReport()).body.outcome).toBe('done');
  expect(coordinator.of('commit')).toHaveLength(4);
});

test('a fenced commit publishes nothing, removes the part and confirms a cancel', async () => {
  coordinator.answers.commit = () => problem('fenced');
  coordinator.answers.report = () => {
    expect(existsSync(final())).toBe(false);
    return problem('fenced');
  };
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(publishingTask(folder));
  expect((await oneReport()).body.outcome).toBe('canceled');
  await eventually(async () => expect((await readdir(folder)).sort()).toEqual(['data', 'scratch']));
});

test('a commit that is refused for its own sake uses the retries', async () => {
  coordinator.answers.commit = () => problem('invalid_request');
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(publishingTask(folder));
  expect((await oneReport()).body).toMatchObject({ outcome: 'retry', error: { code: 'internal' } });
});

test('an attempt called lost or canceled between commit and report publishes all the same', async () => {
  coordinator.answers.commit = async ({ id }) => {
    const before = coordinator.heartbeats().length;
    coordinator.heartbeatAnswer.lost.push(id);
    coordinator.heartbeatAnswer.cancel.push(id);
    await eventually(() => expect(coordinator.heartbeats().length).toBeGreaterThan(before + 2));
    return undefined;
  };
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(publishingTask(folder));
  const { id, body } = await oneReport();
  expect(body.outcome).toBe('done');
  expect(await readFile(final(), 'utf8')).toBe(`made by ${id}`);
});

test('a winner that comes after its settler finds its own file and reports it', async () => {
  coordinator.answers.commit = async ({ id }) => {
    await rename(join(folder, partsOf(coordinator), `transcode.${id}.part`), final());
    await rm(join(folder, partsOf(coordinator)), { recursive: true });
    return undefined;
  };
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(publishingTask(folder));
  const { id, body } = await oneReport();
  expect(body.outcome).toBe('done');
  expect(await readFile(final(), 'utf8')).toBe(`made by ${id}`);
});

test('a name taken meanwhile fails the job, and the other file stays', async () => {
  coordinator.answers.commit = async () => {
    await writeFile(final(), 'somebody’s');
    return undefined;
  };
  coordinator.answers.report = ({ id }) => {
    coordinator.ended.add(id);
    return undefined;
  };
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(publishingTask(folder));
  expect((await oneReport()).body).toMatchObject({ outcome: 'reject', error: { code: 'output_exists' } });
  expect(await readFile(final(), 'utf8')).toBe('somebody’s');
  await eventually(async () => expect((await readdir(folder)).sort()).toEqual(['data', 'out.mp4', 'scratch']));
});

test('a part that vanished after the commit is left to a settler, never reported as done', async () => {
  coordinator.answers.commit = async ({ id }) => {
    await unlink(join(folder, partsOf(coordinator), `transcode.${id}.part`));
    return undefined;
  };
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(publishingTask(folder));
  expect((await oneReport()).body).toMatchObject({ outcome: 'interrupted', counted: false });
});

test('a storage that refuses is waited out, under a lease', async () => {
  await startTestWorker({ url: proxy.url, folder });
  const task = publishingTask(folder, { overwrite: true });
  const { target } = task.spec as TranscodeSpec;
  // A file where the folder of the output should be: ENOTDIR, until it is gone.
  const output = join(folder, 'away', 'out.mp4');
  coordinator.answers.commit = async () => {
    await writeFile(join(folder, 'away'), '');
    return undefined;
  };
  coordinator.give({ ...task, spec: { ...task.spec, target: { ...target, output } } as TranscodeSpec });
  await eventually(() => expect(coordinator.of('commit')).toHaveLength(1));
  const before = coordinator.heartbeats().length;
  await eventually(() => expect(coordinator.heartbeats().length).toBeGreaterThan(before + 3));
  expect(coordinator.heartbeats().at(-1)?.tasks).toHaveLength(1);
  expect(reports()).toEqual([]);
  await unlink(join(folder, 'away'));
  await mkdir(join(folder, 'away'));
  const { id, body } = await oneReport();
  expect(body.outcome).toBe('done');
  expect(await readFile(output, 'utf8')).toBe(`made by ${id}`);
});

test('a settler publishes the winner’s part and reports under its own attempt', async () => {
  const [task, winner] = [publishingTask(folder), newId()];
  const file = await writePart(task, winner);
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(settling(task, winner, file));
  const { id, body } = await oneReport();
  expect(id).not.toBe(winner);
  expect(body.outcome).toBe('done');
  expect(await readFile(final(), 'utf8')).toBe(`made by ${winner}`);
  expect(coordinator.of('commit')).toEqual([]);
});

test('a settler finds the file already under its name', async () => {
  const [task, winner] = [publishingTask(folder), newId()];
  const file = await writePart(task, winner);
  await link(file.part, final());
  await unlink(file.part);
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(settling(task, winner, file));
  expect((await oneReport()).body.outcome).toBe('done');
});

test('a settler waits for a file that is gone until the time is over, then takes the decision back', async () => {
  const [task, winner] = [publishingTask(folder), newId()];
  const file = await writePart(task, winner);
  await unlink(file.part);
  await startTestWorker({ url: proxy.url, folder, timing: { rollBackAfterMs: 3_000 } });
  const begun = performance.now();
  coordinator.give(settling(task, winner, file, 2));
  expect((await oneReport()).body.outcome).toBe('rolled_back');
  expect(performance.now() - begun).toBeGreaterThan(950);
  expect(coordinator.heartbeats().at(-2)?.tasks).toHaveLength(1);
});

test('a settler that waits goes on when the part shows up', async () => {
  const [task, winner] = [publishingTask(folder), newId()];
  const file = await writePart(task, winner);
  await rename(file.part, join(folder, 'hidden'));
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(settling(task, winner, file));
  await eventually(() => expect(coordinator.heartbeats().at(-1)?.tasks).toHaveLength(1));
  await rename(join(folder, 'hidden'), file.part);
  expect((await oneReport()).body.outcome).toBe('done');
});

test('a settler that lost its task stops waiting and leaves the decision', async () => {
  const [task, winner] = [publishingTask(folder), newId()];
  const file = await writePart(task, winner);
  await unlink(file.part);
  await startTestWorker({ url: proxy.url, folder });
  coordinator.give(settling(task, winner, file));
  const [claimed] = await eventually(() => {
    const tasks = coordinator.heartbeats().at(-1)?.tasks ?? [];
    expect(tasks).toHaveLength(1);
    return tasks;
  });
  coordinator.heartbeatAnswer.lost.push(String(claimed?.token));
  expect((await oneReport()).body).toMatchObject({ outcome: 'interrupted', counted: false });
});

function partsOf(fake: FakeCoordinator): string {
  const { file } = fake.of<{ file: { part: string } }>('commit')[0]?.body ?? {};
  return file?.part.split('/').at(-2) ?? '';
}
