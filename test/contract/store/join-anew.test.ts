import { afterEach, beforeEach, expect, test } from 'vitest';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import type { ClaimedTask } from '../../../shared/wire/workers.ts';
import { TestFarm, type TestWorker } from '../../support/test-farm.ts';

let farm: TestFarm;
let worker: TestWorker;
beforeEach(async () => {
  farm = await TestFarm.open();
  worker = await farm.worker('a');
});
afterEach(() => farm.close());

/** A job of which one segment found that it does not hold the frames that were planned, while another still runs. */
async function mismatched(): Promise<{ id: JobId; running: ClaimedTask }> {
  const id = await farm.probed(worker);
  const [segment, running] = [await farm.claim(worker), await farm.claim(worker)];
  await farm.heartbeat(worker, [segment, running]);
  expect(await farm.fails(segment, 'join_mismatch')).toBe('recorded');
  return { id, running };
}

test('a segment that cannot be joined ends all others: only the whole file is left to do', async () => {
  const { id, running } = await mismatched();
  expect(await farm.job(id)).toMatchObject({ state: 'running', whole: 1, stage: 'encode', open_tasks: 1 });
  expect((await farm.heartbeat(worker, [running])).cancel).toEqual([running.token]);
  expect(await farm.claim(worker)).toMatchObject({ kind: 'transcode' });
  expect(await farm.tryClaim(worker)).toBeNull();
});

test('a segment that ends after the plan was given up advances nothing', async () => {
  const { id, running } = await mismatched();
  expect(await farm.done(running)).toBe('recorded');
  expect(await farm.job(id)).toMatchObject({ stage: 'encode', open_tasks: 1, completed_tasks: 1 });
  const whole = await farm.claim(worker);
  await farm.commit(whole);
  await farm.done(whole);
  expect((await farm.job(id)).state).toBe('completed');
  expect((await farm.tasks(id, 'assemble')).map(({ state }) => state)).toEqual(['canceled']);
});

test('a cancel waits for the segments of the plan that was given up, too', async () => {
  const { id, running } = await mismatched();
  await cancelJob(farm.store, id);
  expect((await farm.job(id)).state).toBe('canceling');
  await farm.report(running, { outcome: 'canceled' });
  expect((await farm.job(id)).state).toBe('canceled');
});

test('what a whole file reports as a mismatch is a failure like any other', async () => {
  const task = await farm.probed(worker, { segment: { mode: 'off' } }).then(() => farm.claim(worker));
  expect(await farm.fails(task, 'join_mismatch')).toBe('recorded');
  expect(await farm.task(task)).toMatchObject({ state: 'pending', failures: 1 });
});
