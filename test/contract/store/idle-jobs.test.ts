import { afterEach, beforeEach, expect, test } from 'vitest';
import { advanceIdleJobs } from '../../../shared/db/transactions/advance-idle-jobs.ts';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import { TestFarm, type TestWorker } from '../../support/test-farm.ts';

let farm: TestFarm;
let worker: TestWorker;
beforeEach(async () => {
  farm = await TestFarm.open();
  worker = await farm.worker('a');
});
afterEach(() => farm.close());

/** Makes the counter wrong by hand: no known way through the protocol does. */
async function miscount(id: JobId): Promise<void> {
  await farm.store.db.updateTable('jobs').set({ open_tasks: 50 }).where('id', '=', id).execute();
}

test('a stage whose tasks have all ended is followed by the next, even after a miscount', async () => {
  const id = await farm.submit();
  const probe = await farm.claim(worker);
  await miscount(id);
  await farm.done(probe);
  expect(await farm.tryClaim(worker)).toBeNull();
  expect(await advanceIdleJobs(farm.store)).toBe(1);
  expect(await farm.job(id)).toMatchObject({ stage: 'encode', open_tasks: 7 });
  await miscount(id);
  for (let part = await farm.tryClaim(worker); part; part = await farm.tryClaim(worker)) await farm.done(part);
  expect(await advanceIdleJobs(farm.store)).toBe(1);
  expect(await farm.claim(worker)).toMatchObject({ kind: 'assemble' });
  expect(await advanceIdleJobs(farm.store)).toBe(0);
});

test('a job that is waiting, working, publishing or over is left alone', async () => {
  await farm.submit();
  const { task } = await farm.readyToCommit(worker, { priority: 90 });
  expect(await advanceIdleJobs(farm.store)).toBe(0);
  await farm.commit(task);
  expect(await advanceIdleJobs(farm.store)).toBe(0);
  await farm.done(task);
  await cancelJob(farm.store, await farm.probed(worker, { priority: 90 }));
  await farm.fails(await farm.claim(worker), 'input_missing', 'reject');
  expect(await advanceIdleJobs(farm.store)).toBe(0);
});

test('a job that is canceling with nothing left to confirm is canceled', async () => {
  const { id, task } = await farm.readyToCommit(worker);
  await cancelJob(farm.store, id);
  expect(await advanceIdleJobs(farm.store)).toBe(0);
  await farm.store.db
    .updateTable('tasks')
    .set({ state: 'canceled' })
    .where('token', '=', task.token as never)
    .execute();
  expect(await advanceIdleJobs(farm.store)).toBe(1);
  expect((await farm.job(id)).state).toBe('canceled');
});
