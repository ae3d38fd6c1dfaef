import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openJournal } from '../../../services/worker/journal.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import type { TranscodeSpec } from '../../../shared/job/task.ts';
import type { CommitBody, ReportBody } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeCoordinator } from '../../support/fake-coordinator.ts';
import { type HttpProxy, startHttpProxy, type Verdict } from '../../support/http-proxy.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { startTestWorker } from '../../support/test-worker.ts';
import { publishingTask, segmentTask, settling, writePart } from '../../support/worker-tasks.ts';

const PROGRAM = fileURLToPath(new URL('../../support/fixtures/worker-without-ffmpeg.ts', import.meta.url));

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

function startProcess(...more: string[]): ChildProcess {
  const worker = spawn(process.execPath, [PROGRAM, proxy.url, folder, ...more], { stdio: 'inherit' });
  onTestFinished(() => void worker.kill('SIGKILL'));
  return worker;
}

/** Does something to the worker while an answer (or a request) of a kind is on its way, once. */
function atOnce(when: 'onAnswer' | 'onRequest', action: string, act: () => Promise<Verdict>) {
  let done = false;
  proxy.hooks = {
    [when]: ({ route }: { route: string }) => {
      if (done || !route.endsWith(`/${action}`)) return undefined;
      done = true;
      return act();
    },
  };
}

async function kill(worker: ChildProcess): Promise<'drop'> {
  worker.kill('SIGKILL');
  await once(worker, 'exit');
  return 'drop';
}

const final = () => join(folder, 'out.mp4');
const reports = () => coordinator.of<ReportBody>('report');
const runs = () => readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n');
const reportOf = (id: string) =>
  eventually(() => {
    const report = reports().find((call) => call.id === id);
    expect(report).toBeDefined();
    return report?.body.outcome;
  });

test('kill -9 between the granted commit and the rename: the next life publishes, nothing is made again', async () => {
  const first = startProcess();
  atOnce('onAnswer', 'commit', () => kill(first));
  coordinator.give(publishingTask(folder));
  await once(first, 'exit');
  expect(existsSync(final())).toBe(false);

  startProcess();
  const id = coordinator.of('commit')[0]?.id ?? '';
  expect(await reportOf(id)).toBe('done');
  expect(coordinator.of('commit').map((call) => call.id)).toEqual([id, id]);
  expect(await readFile(final(), 'utf8')).toBe(`made by ${id}`);
  expect(runs()).toEqual([id]);
});

test('kill -9 right after the rename: the next life reports, nothing is made again', async () => {
  const first = startProcess();
  atOnce('onRequest', 'report', () => kill(first));
  coordinator.give(publishingTask(folder));
  await once(first, 'exit');
  expect(existsSync(final())).toBe(true);
  expect(reports()).toEqual([]);

  startProcess();
  const id = coordinator.of('commit')[0]?.id ?? '';
  expect(await reportOf(id)).toBe('done');
  expect(runs()).toEqual([id]);
});

test('a report of a former life is said before this one registers', async () => {
  const first = startProcess();
  atOnce('onRequest', 'report', () => kill(first));
  coordinator.give(segmentTask());
  await once(first, 'exit');
  const before = coordinator.calls.length;
  startProcess();
  await eventually(() => expect(coordinator.calls.length).toBeGreaterThan(before + 1));
  expect(coordinator.calls.slice(before, before + 2).map(({ action }) => action)).toEqual(['report', 'register']);
});

test('an entry that cannot be replayed does not keep the next life from starting', async () => {
  const attempt = newId<AttemptId>();
  const journal = openJournal(join(folder, 'data', 'worker'));
  const task = publishingTask(folder);
  const file = await writePart(task, attempt);
  const target = { ...(task.spec as TranscodeSpec).target, output: 'no/path' };
  const order = { kind: 'transcode', winner: attempt, target, source: join(folder, 'in.mp4'), file } as const;
  journal.put({
    type: 'commit',
    attempt,
    order,
    body: { file: order.file, metrics: {}, command: null },
  });
  journal.close();
  startProcess();
  await eventually(() => expect(coordinator.registrations()).not.toEqual([]));
});

/** Stops a worker that has its commit granted, and lets a settler publish in its stead. */
async function stoppedAndSettled(overwrite: boolean) {
  const sleeper = startProcess();
  const stopped = Promise.withResolvers<void>();
  let claims = 0;
  proxy.hooks = {
    // The settlement is for the other worker: the sleeper's next claim never arrives.
    async onRequest({ route }) {
      if (route.endsWith('/claim')) claims += 1;
      if (route.endsWith('/claim') && claims > 1) await new Promise(() => {});
      return undefined;
    },
    onAnswer({ route }) {
      if (route.endsWith('/commit')) {
        sleeper.kill('SIGSTOP');
        stopped.resolve();
      }
      return undefined;
    },
  };
  const task = publishingTask(folder, { overwrite });
  coordinator.give(task);
  await stopped.promise;
  const [commit] = coordinator.of<CommitBody>('commit');
  if (!commit) throw new Error('nothing was committed');

  const elsewhere = join(folder, 'elsewhere');
  await mkdir(elsewhere);
  const settler = await startTestWorker({ url: coordinator.url, folder: elsewhere });
  coordinator.give(settling(task, commit.id, commit.body.file, 30));
  await eventually(() => expect(reports().map(({ body }) => body.outcome)).toEqual(['done']));
  expect(await readFile(final(), 'utf8')).toBe(`made by ${commit.id}`);
  await settler.stop({ mode: 'immediate' });
  await rm(elsewhere, { recursive: true });
  return { sleeper, winner: commit.id };
}

test.for([false, true])(
  'paused between commit and rename, then settled: one publication (overwrite: %s)',
  async (overwrite) => {
    const { sleeper, winner } = await stoppedAndSettled(overwrite);
    sleeper.kill('SIGCONT');
    expect(await reportOf(winner)).toBe('done');
    expect(await readFile(final(), 'utf8')).toBe(`made by ${winner}`);
    expect((await readdir(folder)).sort()).toEqual(['data', 'out.mp4', 'runs', 'scratch']);
    expect(runs()).toEqual([winner]);
  },
);

test('paused between commit and rename, settled, and the file replaced by its owner: the zombie leaves it alone', async () => {
  const { sleeper, winner } = await stoppedAndSettled(true);
  await rm(final());
  await writeFile(final(), 'the owner’s new file');
  sleeper.kill('SIGCONT');
  expect(await reportOf(winner)).toBe('interrupted');
  expect(await readFile(final(), 'utf8')).toBe('the owner’s new file');
});

test('what kill -9 left in the middle of a task is swept when its attempt has ended, and not before', async () => {
  const first = startProcess('hang');
  const [published, segment] = [publishingTask(folder), segmentTask()];
  for (const task of [published, segment]) coordinator.give(task);
  const left = join(folder, `.ffmill-${published.job_id}`);
  await eventually(async () => expect(await readdir(left)).toHaveLength(1));
  await kill(first);

  const second = startProcess('hang');
  await eventually(() => expect(coordinator.of('ended')).not.toEqual([]));
  const [part = '', ...others] = await readdir(left);
  expect(others).toEqual([]);
  await kill(second);

  coordinator.ended.add(/^transcode\.(.+)\.part$/.exec(part)?.[1] ?? part); // the segment may have begun before it
  startProcess('hang');
  await eventually(() => expect(existsSync(left)).toBe(false));
});
