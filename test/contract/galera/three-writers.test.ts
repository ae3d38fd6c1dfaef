import { afterEach, beforeEach, expect, test } from 'vitest';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import { changeJob } from '../../../shared/db/transactions/change-job.ts';
import { submitJobs } from '../../../shared/db/transactions/submit-jobs.ts';
import { touchCoordinator } from '../../../shared/db/transactions/touch-coordinator.ts';
import type { ClaimedTask } from '../../../shared/wire/workers.ts';
import { TestFarm, type TestWorker, testRequest } from '../../support/test-farm.ts';
import { openThreeWriters, type ThreeWriters } from '../../support/three-writers.ts';
import { beginningTogether } from '../../support/troubled-stores.ts';

// Locks hold on one node only: with writers on three of them, what decides is that every write names what it expects.

let nodes: ThreeWriters;
beforeEach(async () => {
  nodes = await openThreeWriters();
});
afterEach(() => nodes.close());

const repeat = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));
const farmFor = (index: number) => nodes.farms[index % 3] as ThreeWriters['around'];

test('two hundred repetitions of a submission on three nodes make one job', async () => {
  const submission = { request: testRequest(), idempotencyKey: 'key' };
  const answers = await Promise.all(repeat(200, (index) => submitJobs(farmFor(index).store, [submission])));
  expect(new Set(answers.flat().map(({ id }) => id)).size).toBe(1);
  expect(answers.flat().filter(({ created }) => created)).toHaveLength(1);
});

test('of jobs that want one output on three nodes, one is taken', async () => {
  const request = testRequest();
  const submit = (index: number) =>
    submitJobs(farmFor(index).store, [{ request: { ...request, priority: index }, idempotencyKey: null }]);
  const answers = await Promise.allSettled(repeat(12, submit));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason.code).toBe('output_in_use');
});

test('tasks that workers claim on three nodes at once are each given once', async () => {
  const workers: TestWorker[] = [];
  for (let index = 0; index < 6; index += 1) workers.push(await farmFor(index).worker(`w${index}`));
  await Promise.all(repeat(30, (index) => farmFor(index).submit()));
  const claimAll = async (worker: TestWorker, index: number) => {
    const claimed: ClaimedTask[] = [];
    for (let task = await farmFor(index).tryClaim(worker); task; task = await farmFor(index).tryClaim(worker))
      claimed.push(task);
    return claimed;
  };
  const claimed = (await Promise.all(workers.map(claimAll))).flat();
  expect(new Set(claimed.map((task) => task.task_id)).size).toBe(30);
  expect(claimed).toHaveLength(30);
});

test('the last two reports of a stage on two nodes make the next stage once', async () => {
  const worker = await nodes.around.worker('w');
  for (let round = 0; round < 4; round += 1) {
    const id = await nodes.around.probed(worker, { segment: { mode: 'fixed', seconds: 30 } });
    const parts: ClaimedTask[] = [];
    for (let part = await nodes.around.tryClaim(worker); part; part = await nodes.around.tryClaim(worker))
      parts.push(part);
    const last = parts.splice(0, 2);
    for (const part of parts) await nodes.around.done(part);
    const reports = last.flatMap((part, index) => [farmFor(index).done(part), farmFor(index + 1).done(part)]);
    expect(await Promise.all(reports)).toEqual(['recorded', 'recorded', 'recorded', 'recorded']);
    expect(await nodes.around.job(id)).toMatchObject({ stage: 'assemble', open_tasks: 1 });
    expect((await nodes.around.events(id)).filter((event) => event === 'task.completed')).toHaveLength(
      parts.length + 3,
    );
    await cancelJob(nodes.around.store, id);
  }
});

test('of cancel and commit on two nodes one wins, and both say the same', async () => {
  const worker = await nodes.around.worker('w');
  for (let round = 0; round < 10; round += 1) {
    const { id, task } = await nodes.around.readyToCommit(worker);
    const [commit, cancel] = await Promise.allSettled([farmFor(0).commit(task), cancelJob(farmFor(1).store, id)]);
    const job = await nodes.farms[2].job(id);
    const committed = commit.status === 'fulfilled' && commit.value === 'committed';
    expect(job.winner).toBe(committed ? task.token : null);
    expect(cancel).toMatchObject(committed ? { reason: { code: 'too_late' } } : { status: 'fulfilled' });
    expect(job.state).toBe(committed ? 'running' : 'canceling');
    await nodes.around.report(task, { outcome: committed ? 'done' : 'canceled' });
  }
});

test.each([
  ['one node', 0],
  ['two nodes', 1],
] as const)('of the only two workers, both due for a quarantine, one goes on: decided on %s', async (_, second) => {
  const { around, farms } = nodes;
  const workers = [await around.worker('a'), await around.worker('b')] as const;
  const due = { status: 'online' as const, interruptions: around.rules.quarantineAfter - 1 };
  for (let round = 0; round < 5; round += 1) {
    await around.store.db
      .updateTable('workers')
      .set({ ...due, last_interrupted_at: null })
      .execute();
    await Promise.all([around.submit(), around.submit()]);
    const tasks = [await around.claim(workers[0]), await around.claim(workers[1])] as const;
    const stores = beginningTogether([farms[0].store, farms[second].store]);
    const [one, other] = stores.map((store) => new TestFarm(store, around.clock, around.rules));
    await Promise.all([
      one?.report(tasks[0], { outcome: 'interrupted' }),
      other?.report(tasks[1], { outcome: 'interrupted' }),
    ]);
    const shown = await around.store.db.selectFrom('workers').select('status').execute();
    expect(shown.map(({ status }) => status).sort()).toEqual(['online', 'quarantined']);
  }
});

test('what one node has acknowledged is seen on the others at once', async () => {
  for (let round = 0; round < 100; round += 1) {
    const id = await nodes.farms[0].submit();
    expect((await nodes.farms[1].job(id)).id).toBe(id);
    await changeJob(nodes.farms[2].store, id, { priority: round % 100 });
    expect((await nodes.farms[0].job(id)).priority).toBe(round % 100);
  }
});

test('changes of one row on three nodes at once are all made', async () => {
  const id = await nodes.around.submit();
  await Promise.all(repeat(24, (index) => changeJob(farmFor(index).store, id, { labels: [String(index)] })));
  expect((await nodes.around.job(id)).version).toBe(24);
});

test('touching one row on three nodes at once never fails', async () => {
  await Promise.all(repeat(24, (index) => touchCoordinator(farmFor(index).store, 'same', nodes.around.rules)));
  const rows = await nodes.around.store.db.selectFrom('coordinators').select('id').where('id', '=', 'same').execute();
  expect(rows).toHaveLength(1);
});
