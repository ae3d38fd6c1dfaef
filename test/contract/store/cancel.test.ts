import { afterEach, beforeEach, expect, test } from 'vitest';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import { forceCancels } from '../../../shared/db/transactions/force-cancels.ts';
import { retryJob } from '../../../shared/db/transactions/retry-job.ts';
import { type JobId, newId } from '../../../shared/job/ids.ts';
import { TestFarm } from '../../support/test-farm.ts';

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

test('a job that nobody works on is canceled at once', async () => {
  const worker = await farm.worker('a');
  const id = await farm.submit();
  await cancelJob(farm.store, id);
  expect(await farm.job(id)).toMatchObject({ state: 'canceled', output_reservation: null });
  expect(await farm.tryClaim(worker)).toBeNull();
});

test('a running job is canceling until its workers have confirmed', async () => {
  const worker = await farm.worker('a');
  const { id, task } = await farm.readyToCommit(worker);
  await cancelJob(farm.store, id);
  expect((await farm.job(id)).state).toBe('canceling');
  expect((await farm.heartbeat(worker, [task])).cancel).toEqual([task.token]);
  await farm.report(task, { outcome: 'canceled' });
  expect((await farm.job(id)).state).toBe('canceled');
});

test('a commit after the cancel is refused', async () => {
  const worker = await farm.worker('a');
  const { id, task } = await farm.readyToCommit(worker);
  await cancelJob(farm.store, id);
  expect(await farm.commit(task)).toBe('fenced');
});

test.each(['done', 'retry', 'reject', 'interrupted', 'canceled'] as const)(
  'the report %s of a canceled attempt leads to canceled',
  async (outcome) => {
    const worker = await farm.worker('a');
    const { id, task } = await farm.readyToCommit(worker);
    await cancelJob(farm.store, id);
    expect(await farm.report(task, { outcome })).toBe('recorded');
    expect((await farm.job(id)).state).toBe('canceled');
  },
);

test('a worker that never answers cannot keep a job from being canceled', async () => {
  const worker = await farm.worker('a');
  const { id, task } = await farm.readyToCommit(worker);
  await cancelJob(farm.store, id);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + farm.rules.cancelGraceMs - 1_000);
  expect(await forceCancels(farm.store, farm.rules)).toBe(0);
  await farm.coordinatorsUpFor(2_000);
  expect(await forceCancels(farm.store, farm.rules)).toBe(1);
  expect((await farm.job(id)).state).toBe('canceled');
  expect(await farm.commit(task)).toBe('fenced');
});

test('a heartbeat does not prolong the lease of a canceled attempt', async () => {
  const worker = await farm.worker('a');
  const { id, task } = await farm.readyToCommit(worker);
  await cancelJob(farm.store, id);
  for (let passed = 0; passed <= farm.rules.leaseMs + farm.rules.cancelGraceMs; passed += 5_000) {
    await farm.coordinatorsUpFor(5_000);
    await farm.heartbeat(worker, [task]);
  }
  expect(await forceCancels(farm.store, farm.rules)).toBe(1);
});

test('canceling twice is fine, canceling what has ended otherwise is not', async () => {
  const worker = await farm.worker('a');
  const canceled = await farm.submit();
  await cancelJob(farm.store, canceled);
  await expect(cancelJob(farm.store, canceled)).resolves.toBeUndefined();
  const { id, task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  await farm.done(task);
  await expect(cancelJob(farm.store, id)).rejects.toMatchObject({ code: 'wrong_state' });
  await expect(cancelJob(farm.store, newId<JobId>())).rejects.toMatchObject({ code: 'not_found' });
});

test('a late report does not resurrect a canceled task, nor create the next stage', async () => {
  const worker = await farm.worker('a');
  const id = await farm.submit();
  const probe = await farm.claim(worker);
  await farm.heartbeat(worker, [probe]);
  await cancelJob(farm.store, id);
  await farm.done(probe);
  expect((await farm.tasks(id)).map(({ state }) => state)).toEqual(['canceled']);
});

test('a job fails at once when one task fails for good, and its other tasks end', async () => {
  const worker = await farm.worker('a');
  const id = await farm.probed(worker, { retry_attempts: 0 });
  const [first, second] = [await farm.claim(worker), await farm.claim(worker)];
  await farm.heartbeat(worker, [first, second]);
  await farm.fails(first, 'ffmpeg_failed');
  expect((await farm.job(id)).state).toBe('failed');
  expect((await farm.heartbeat(worker, [second])).cancel).toEqual([second.token]);
  await farm.report(second, { outcome: 'canceled' });
  const states = new Set((await farm.tasks(id)).map(({ state }) => state));
  expect(states).toEqual(new Set(['completed', 'failed', 'canceled']));
  expect((await farm.job(id)).state).toBe('failed');
});

test('a failed job is tried again as a new job, once however often it is asked', async () => {
  const worker = await farm.worker('a');
  const id = await farm.submit();
  await expect(retryJob(farm.store, id)).rejects.toMatchObject({ code: 'wrong_state' });
  await farm.fails(await farm.claim(worker), 'input_missing', 'reject');
  const again = await retryJob(farm.store, id);
  expect(again).not.toBe(id);
  expect(await retryJob(farm.store, id)).toBe(again);
  expect((await farm.job(again)).request).toBe((await farm.job(id)).request);
});

test('a job with two running tasks is canceled when the second has confirmed', async () => {
  const worker = await farm.worker('a');
  const id = await farm.probed(worker);
  const tasks = [await farm.claim(worker), await farm.claim(worker)];
  await farm.heartbeat(worker, tasks);
  await cancelJob(farm.store, id);
  for (const task of tasks) {
    expect((await farm.job(id)).state).toBe('canceling');
    await farm.report(task, { outcome: 'canceled' });
  }
  expect((await farm.job(id)).state).toBe('canceled');
});
