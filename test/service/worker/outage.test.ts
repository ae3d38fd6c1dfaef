import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { RunTask } from '../../../services/worker/execute-task.ts';
import type { ReportBody } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeCoordinator } from '../../support/fake-coordinator.ts';
import { startHttpProxy } from '../../support/http-proxy.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { startTestWorker } from '../../support/test-worker.ts';
import { makeFile, segmentTask } from '../../support/worker-tasks.ts';

let coordinator: FakeCoordinator;
let folder: string;

beforeEach(async () => {
  coordinator = await FakeCoordinator.start();
  folder = await temporaryFolder();
  onTestFinished(() => coordinator.down());
});

/** Tasks that go on until the test lets them end. */
function gated() {
  const gate = Promise.withResolvers<void>();
  const aborted: unknown[] = [];
  let running = 0;
  const run: RunTask = async (context, spec) => {
    running += 1;
    context.signal.addEventListener('abort', () => aborted.push(context.signal.reason));
    await gate.promise;
    return makeFile(context, spec);
  };
  return { run, open: gate.resolve, aborted, running: () => running };
}

test.for(['during the outage', 'right after it'])(
  'encodes that end %s: first the heartbeat, then the reports, then new claims',
  async (ends) => {
    const tasks = gated();
    const proxy = await startHttpProxy(coordinator.url);
    onTestFinished(() => proxy.stop());
    await startTestWorker({ url: proxy.url, folder, slots: 2, runTaskKind: tasks.run });
    coordinator.give(segmentTask());
    coordinator.give(segmentTask());
    await eventually(() => expect(tasks.running()).toBe(2));

    const unheard: string[] = [];
    proxy.hooks = {
      onRequest({ route }) {
        unheard.push(route);
        return 'drop';
      },
    };
    await eventually(() => expect(unheard.length).toBeGreaterThan(3));
    const heard: string[] = [];
    if (ends === 'during the outage') tasks.open();
    const before = unheard.length;
    await eventually(() => expect(unheard.length).toBeGreaterThan(before + 2));
    proxy.hooks = {
      onRequest({ route }) {
        heard.push(route.replace(/.*\//, ''));
        return undefined;
      },
    };

    tasks.open();
    await eventually(() => expect(heard).toContain('claim'));
    expect(heard[0]).toBe('heartbeat');
    expect(heard.filter((action) => action !== 'heartbeat').slice(0, 3)).toEqual(['report', 'report', 'claim']);
    expect(coordinator.of<ReportBody>('report').map(({ body }) => body.outcome)).toEqual(['done', 'done']);
    expect(tasks.aborted).toEqual([]);
  },
);

test('a heartbeat that hangs delays no other', async () => {
  await startTestWorker({ url: coordinator.url, folder });
  coordinator.answers.heartbeat = () => new Promise(() => {});
  const before = coordinator.heartbeats().length;
  await eventually(() => expect(coordinator.heartbeats().length).toBeGreaterThan(before + 4), 1_000);
});

test('log lines that nobody takes delay no heartbeat, and the report for a moment only', async () => {
  coordinator.answers.logs = () => new Promise(() => {});
  await startTestWorker({
    ...{ url: coordinator.url, folder, timing: { lastLinesMs: 100 } },
    runTaskKind: async (context, spec) => {
      context.onLine('a line');
      await eventually(() => expect(coordinator.of('logs')).toHaveLength(1));
      return makeFile(context, spec);
    },
  });
  coordinator.give(segmentTask());
  await eventually(() => expect(coordinator.of('report')).toHaveLength(1));
  const before = coordinator.heartbeats().length;
  await eventually(() => expect(coordinator.heartbeats().length).toBeGreaterThan(before + 3));
});

test('a report that no coordinator takes does not keep the worker from its work for ever', async () => {
  let first: string | undefined;
  coordinator.answers.report = ({ id }) => {
    first ??= id;
    return id === first ? { status: 500 } : undefined;
  };
  await startTestWorker({ url: coordinator.url, folder });
  coordinator.give(segmentTask());
  await eventually(() => expect(first).toBeDefined());
  coordinator.give(segmentTask());
  await eventually(() => expect(coordinator.of('report').some(({ id }) => id !== first)).toBe(true), 10_000);
  expect(
    coordinator
      .heartbeats()
      .at(-1)
      ?.tasks.map(({ token }) => token),
  ).toContain(first);
});

test('a worker whose drain is wished claims nothing, and claims again when it is not', async () => {
  await startTestWorker({ url: coordinator.url, folder });
  await eventually(() => expect(coordinator.of('claim')).toHaveLength(1));
  coordinator.heartbeatAnswer.drain = true;
  await eventually(() => expect(coordinator.heartbeats().at(-1)?.status).toBe('draining'));
  const [claim] = coordinator.of('claim');
  await eventually(() => expect(coordinator.of('report').map(({ id }) => id)).toEqual([claim?.body.claim_id]));
  coordinator.heartbeatAnswer.drain = false;
  await eventually(() => expect(coordinator.of('claim')).toHaveLength(2));
});
