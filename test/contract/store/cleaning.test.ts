import { afterEach, beforeEach, expect, test } from 'vitest';
import { findEndedAttempts } from '../../../shared/db/queries/find-ended-attempts.ts';
import { drainWorker } from '../../../shared/db/transactions/drain-worker.ts';
import { expireLeases } from '../../../shared/db/transactions/expire-leases.ts';
import { failUnservableTasks } from '../../../shared/db/transactions/fail-unservable-tasks.ts';
import { forgetOldJobs } from '../../../shared/db/transactions/forget-old-jobs.ts';
import { forgetWorker } from '../../../shared/db/transactions/forget-worker.ts';
import { registerWorker } from '../../../shared/db/transactions/register-worker.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import { type ClaimedTask, registerBody } from '../../../shared/wire/workers.ts';
import { TestFarm, type TestWorker } from '../../support/test-farm.ts';

let farm: TestFarm;
let worker: TestWorker;
beforeEach(async () => {
  farm = await TestFarm.open({ failUnservable: true });
  worker = await farm.worker('a');
});
afterEach(() => farm.close());

const isEnded = async ({ token }: Pick<ClaimedTask, 'token'>) =>
  (await findEndedAttempts(farm.store.db, [token as AttemptId])).length === 1;

test('files of an attempt may go once it has failed, those of a result only with its job', async () => {
  await farm.probed(worker, { retry_attempts: 1 });
  const [made, failed, running] = [await farm.claim(worker), await farm.claim(worker), await farm.claim(worker)];
  await farm.done(made);
  await farm.fails(failed, 'ffmpeg_failed');
  expect([await isEnded(made), await isEnded(failed), await isEnded(running)]).toEqual([false, true, false]);
  await farm.fails(running, 'input_corrupt', 'reject');
  expect(await isEnded(made)).toBe(true);
});

test('the part of a winner stays until its job is final, and so does that of an attempt nobody knows', async () => {
  const { task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  await farm.report(task, { outcome: 'interrupted' });
  expect(await isEnded(task)).toBe(false);
  const settling = await farm.claim(worker);
  await farm.report(settling, { outcome: 'interrupted' });
  expect(await isEnded(task)).toBe(false);
  await farm.done(await farm.claim(worker));
  expect(await isEnded(task)).toBe(true);
  expect(await isEnded({ token: newId<AttemptId>() })).toBe(false);
});

test('only jobs that ended long ago are forgotten, with all that belongs to them', async () => {
  const old = await farm.submit();
  await farm.fails(await farm.claim(worker), 'input_missing', 'reject');
  const waiting = await farm.submit();
  farm.clock.advance(farm.rules.retentionMs - 1_000);
  const fresh = await farm.submit({ priority: 90 });
  await farm.fails(await farm.claim(worker), 'input_missing', 'reject');
  farm.clock.advance(2_000);
  expect(await forgetOldJobs(farm.store, farm.rules)).toBe(1);
  expect(await farm.events(old)).toEqual([]);
  expect((await farm.events(waiting)).length).toBeGreaterThan(0);
  expect(await farm.job(fresh)).toMatchObject({ state: 'failed' });
  const left = await farm.store.db.selectFrom('attempts').select('job_id').execute();
  expect(left.map(({ job_id }) => job_id)).toEqual([fresh]);
  expect(await forgetOldJobs(farm.store, farm.rules)).toBe(0);
});

test('a worker is not forgotten while it holds a task', async () => {
  await farm.submit();
  const task = await farm.claim(worker);
  await drainWorker(farm.store, worker.id);
  await expect(forgetWorker(farm.store, worker.id)).rejects.toMatchObject({ code: 'wrong_state' });
  await farm.report(task, { outcome: 'interrupted', counted: false });
  await forgetWorker(farm.store, worker.id);
  await expect(farm.heartbeat(worker, [])).rejects.toMatchObject({ code: 'unknown_worker' });
});

/** As a claim leaves it that commits at the same moment on another node of the database. */
async function forgottenWhileItClaimed(): Promise<ClaimedTask> {
  await farm.submit();
  const task = await farm.claim(worker);
  await farm.store.db.deleteFrom('workers').where('id', '=', worker.id).execute();
  return task;
}

test('a worker that is forgotten while it claims registers again and finishes what it got', async () => {
  const task = await forgottenWhileItClaimed();
  await expect(farm.heartbeat(worker, [task])).rejects.toMatchObject({ code: 'unknown_worker' });
  const capabilities = { ffmpeg_version: '5.1', encoders: {}, proving: false };
  const body = { name: 'a', instance_id: worker.instance, cpu_threads: 2, pools: { cpu: 2 }, capabilities };
  const { id } = await registerWorker(farm.store, { body: registerBody.parse(body), rules: farm.rules });
  const again = { ...worker, id };
  expect(await farm.heartbeat(again, [task])).toMatchObject({ lost: [], cancel: [] });
  await farm.coordinatorsUpFor(farm.rules.leaseMs - 1_000);
  await farm.heartbeat(again, [task]);
  await farm.coordinatorsUpFor(farm.rules.leaseMs - 1_000);
  expect(await expireLeases(farm.store, farm.rules)).toBe(0);
  await farm.done(task);
  expect(await farm.task(task)).toMatchObject({ state: 'completed', attempt: 1 });
});

test('what a worker got that was forgotten while it claimed, and is gone, another one has after the lease', async () => {
  const task = await forgottenWhileItClaimed();
  const other = await farm.worker('b');
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  expect(await expireLeases(farm.store, farm.rules)).toBe(1);
  expect(await farm.claim(other)).toMatchObject({ task_id: task.task_id, attempt: 2 });
});

test('a task that no worker has the encoder for fails its job, and ends an attempt whose worker lost it', async () => {
  const { id } = await farm.readyToCommit(worker);
  await farm.store.db.updateTable('tasks').set({ state: 'pending' }).where('state', '=', 'running').execute();
  expect(await failUnservableTasks(farm.store, farm.rules)).toBe(0);
  await farm.worker('a', ['aac'], worker);
  await farm.store.db.updateTable('tasks').set({ not_before: 0 }).execute();
  expect(await failUnservableTasks(farm.store, { ...farm.rules, failUnservable: false })).toBe(0);
  expect(await failUnservableTasks(farm.store, farm.rules)).toBe(1);
  expect((await farm.job(id)).error).toContain('no_encoder');
  const open = await farm.store.db.selectFrom('attempts').select('id').where('ended_at', 'is', null).execute();
  expect(open).toEqual([]);
});
