import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import type { ReportBody } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeCoordinator, problem } from '../../support/fake-coordinator.ts';
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

const reports = () => coordinator.of<ReportBody>('report');
const oneReport = () =>
  eventually(() => {
    expect(reports()).toHaveLength(1);
    return reports()[0] as ReturnType<typeof reports>[number];
  });
const scratch = async () => (existsSync(join(folder, 'scratch')) ? readdir(join(folder, 'scratch')) : []);

test('a worker registers at once, and again when its encoders are proved', async () => {
  await startTestWorker({ ...{ url: coordinator.url, folder, slots: 3 } });
  await eventually(() => expect(coordinator.registrations()).toHaveLength(2));
  expect(coordinator.registrations()).toMatchObject([
    { name: 'worker', pools: { cpu: 3 }, capabilities: { encoders: {}, proving: true }, former_instance_id: null },
    { name: 'worker', capabilities: { encoders: { libx264: 100 }, proving: false } },
  ]);
});

test('the next life proves by its journal that the former one is dead', async () => {
  const first = await startTestWorker({ url: coordinator.url, folder });
  await first.stop({ mode: 'immediate' });
  await startTestWorker({ url: coordinator.url, folder });
  const [former, ...later] = coordinator.registrations();
  expect(later.at(-1)).toMatchObject({ former_instance_id: former?.instance_id });
});

test('two workers do not share a journal', async () => {
  await startTestWorker({ url: coordinator.url, folder });
  await expect(startTestWorker({ url: coordinator.url, folder })).rejects.toMatchObject({ code: 'data_dir_in_use' });
});

test('a name that another live worker has ends the start', async () => {
  coordinator.answers.register = () => problem('name_in_use');
  await expect(startTestWorker({ url: coordinator.url, folder })).rejects.toMatchObject({ code: 'name_in_use' });
});

test('a task is heard of in a heartbeat right after its claim', async () => {
  coordinator.heartbeatSeconds = 60;
  const { run } = runUntilAborted();
  await startTestWorker({ url: coordinator.url, folder, runTaskKind: run });
  const task = segmentTask();
  coordinator.give(task);
  await eventually(() => expect(coordinator.heartbeats().at(-1)?.tasks).toMatchObject([{ task_id: task.task_id }]));
});

test('the result of a segment is reported under the id that claimed it, and its file stays', async () => {
  await startTestWorker({ url: coordinator.url, folder });
  const task = segmentTask();
  coordinator.give(task);
  const { id, body } = await oneReport();
  const name = `segment-0000.${id}.mp4`;
  expect(body).toMatchObject({ outcome: 'done', result: { file: { path: `\${scratch}/${task.job_id}/${name}` } } });
  expect(await readdir(join(folder, 'scratch', task.job_id))).toEqual([name]);
});

test('a published file is committed before it gets its name, and reported after', async () => {
  const named: boolean[] = [];
  const look = () => {
    named.push(existsSync(join(folder, 'out.mp4')));
    return undefined;
  };
  coordinator.answers.commit = look;
  coordinator.answers.report = look;
  await startTestWorker({ url: coordinator.url, folder });
  coordinator.give(publishingTask(folder));
  const { id, body } = await oneReport();
  expect(body.outcome).toBe('done');
  expect(named).toEqual([false, true]);
  expect(await readFile(join(folder, 'out.mp4'), 'utf8')).toBe(`made by ${id}`);
  expect((await readdir(folder)).sort()).toEqual(['data', 'out.mp4', 'scratch']);
});

test('no more tasks are claimed than there are slots', async () => {
  const { run } = runUntilAborted();
  await startTestWorker({ url: coordinator.url, folder, runTaskKind: run, slots: 2 });
  for (let count = 0; count < 3; count += 1) coordinator.give(segmentTask());
  await eventually(() => expect(coordinator.heartbeats().at(-1)?.tasks).toHaveLength(2));
  expect(coordinator.of('claim')).toHaveLength(2);
});

test('a failure of FFmpeg is reported for a retry and leaves nothing', async () => {
  await startTestWorker({
    ...{ url: coordinator.url, folder },
    runTaskKind: async (context, spec) => {
      await makeFile(context, spec);
      context.onCommand(['ffmpeg', '-i', "it's"]);
      throw new AppError('ffmpeg_failed', 'no');
    },
  });
  coordinator.give(segmentTask());
  expect((await oneReport()).body).toMatchObject({
    ...{ outcome: 'retry', counted: true, command: String.raw`ffmpeg -i 'it'\''s'` },
    error: { code: 'ffmpeg_failed', fault: 'worker' },
  });
  expect(await scratch()).toEqual([]);
});

test('what the input is to blame for is rejected', async () => {
  await startTestWorker({
    ...{ url: coordinator.url, folder },
    runTaskKind: () => Promise.reject(new AppError('input_corrupt', 'no')),
  });
  coordinator.give(segmentTask());
  expect((await oneReport()).body).toMatchObject({ outcome: 'reject', error: { code: 'input_corrupt' } });
});

test('a canceled attempt is broken off, cleaned away and confirmed', async () => {
  const { run, started } = runUntilAborted();
  await startTestWorker({ url: coordinator.url, folder, runTaskKind: run });
  coordinator.give(segmentTask());
  await started;
  coordinator.answers.report = async () => {
    expect(await scratch()).toEqual([]);
    return undefined;
  };
  coordinator.heartbeatAnswer.cancel.push(String(coordinator.of('claim')[0]?.body.claim_id));
  expect((await oneReport()).body.outcome).toBe('canceled');
});

test('an attempt that lost its task is broken off and cleaned away without a word', async () => {
  const { run, started } = runUntilAborted();
  await startTestWorker({ url: coordinator.url, folder, runTaskKind: run });
  coordinator.give(segmentTask());
  await started;
  const [claimed] = coordinator.of('claim');
  coordinator.heartbeatAnswer.lost.push(String(claimed?.body.claim_id));
  await eventually(() => expect(coordinator.of('claim')).toHaveLength(2));
  expect(await scratch()).toEqual([]);
  expect(reports()).toEqual([]);
});

test('a file that was just accepted survives a heartbeat that calls its attempt lost', async () => {
  coordinator.answers.report = async ({ id }) => {
    const before = coordinator.heartbeats().length;
    coordinator.heartbeatAnswer.lost.push(id);
    await eventually(() => expect(coordinator.heartbeats().length).toBeGreaterThan(before + 2));
    return undefined;
  };
  await startTestWorker({ url: coordinator.url, folder });
  const task = segmentTask();
  coordinator.give(task);
  const { id } = await oneReport();
  await eventually(() => expect(coordinator.heartbeats().at(-1)?.tasks).toEqual([]));
  expect(await readdir(join(folder, 'scratch', task.job_id))).toEqual([`segment-0000.${id}.mp4`]);
});

test('a report that came too late leaves its file to the sweep', async () => {
  coordinator.answers.report = ({ id }) => {
    coordinator.ended.add(id);
    return problem('fenced');
  };
  await startTestWorker({ url: coordinator.url, folder });
  coordinator.give(segmentTask());
  await oneReport();
  await eventually(async () => expect(await scratch()).toEqual([]));
});

test('a claim whose answer was lost is asked again under its id', async () => {
  let dropped = false;
  coordinator.answers.claim = () => {
    if (dropped) return undefined;
    dropped = true;
    return { status: 502, body: 'the proxy’s own page' };
  };
  await startTestWorker({ url: coordinator.url, folder });
  coordinator.give(segmentTask());
  const { id } = await oneReport();
  const asked = coordinator.of('claim').map(({ body }) => body.claim_id);
  expect(asked.slice(0, 2)).toEqual([id, id]);
  await eventually(() => expect(coordinator.of('claim').at(-1)?.body.claim_id).not.toBe(id));
});

test('a lost race is followed by a new claim at once', async () => {
  let races = 3;
  coordinator.answers.claim = () => {
    races -= 1;
    return races >= 0 ? { status: 200, body: { again: true } } : undefined;
  };
  await startTestWorker({ url: coordinator.url, folder });
  await eventually(() => expect(coordinator.of('claim')).toHaveLength(4));
  expect(new Set(coordinator.of('claim').map(({ body }) => body.claim_id)).size).toBe(4);
});

test('a worker that the coordinators forgot registers again', async () => {
  await startTestWorker({ url: coordinator.url, folder });
  await eventually(() => expect(coordinator.registrations()).toHaveLength(2));
  let forgotten = true;
  coordinator.answers.heartbeat = () => (forgotten ? problem('unknown_worker') : undefined);
  coordinator.answers.register = () => {
    forgotten = false;
    return undefined;
  };
  await eventually(() => expect(coordinator.registrations().length).toBeGreaterThan(2));
});

test('a worker whose name was taken over is told to stop', async () => {
  const fatal = Promise.withResolvers<unknown>();
  await startTestWorker({ url: coordinator.url, folder, onFatal: fatal.resolve });
  coordinator.answers.heartbeat = () => problem('name_in_use');
  coordinator.answers.register = () => problem('name_in_use');
  expect(await fatal.promise).toMatchObject({ code: 'name_in_use' });
});

test('the last words of FFmpeg are there before the report', async () => {
  const taken: string[] = [];
  coordinator.answers.logs = async () => {
    const before = coordinator.heartbeats().length;
    await eventually(() => expect(coordinator.heartbeats().length).toBeGreaterThan(before + 2));
    taken.push('lines');
    return undefined;
  };
  coordinator.answers.report = () => {
    taken.push('report');
    return undefined;
  };
  await startTestWorker({
    ...{ url: coordinator.url, folder, timing: { lastLinesMs: 30_000 } },
    runTaskKind(context) {
      context.onLine('no space left on device');
      throw new AppError('ffmpeg_failed', 'no');
    },
  });
  coordinator.give(segmentTask());
  await eventually(() => expect(taken).toEqual(['lines', 'report']));
});

test('what FFmpeg says reaches the log in order, up to a bound', async () => {
  await startTestWorker({
    ...{ url: coordinator.url, folder },
    runTaskKind: async (context, spec) => {
      for (let number = 0; number < 2_500; number += 1) context.onLine(`line ${number}`);
      return makeFile(context, spec);
    },
  });
  coordinator.give(segmentTask());
  await eventually(() => expect(coordinator.logLines()).toHaveLength(2_001));
  const lines = coordinator.logLines();
  expect(lines.slice(0, 2).map(({ text }) => text)).toEqual(['line 0', 'line 1']);
  expect(lines.at(-1)).toMatchObject({
    stream: 'worker',
    text: 'the log ends here: only the first 2000 lines are kept',
  });
});
