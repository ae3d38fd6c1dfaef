import { afterEach, beforeEach, expect, test } from 'vitest';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import { expireLeases } from '../../../shared/db/transactions/expire-leases.ts';
import { offerPublications } from '../../../shared/db/transactions/offer-publications.ts';
import { releaseFormerInstances } from '../../../shared/db/transactions/release-former-instances.ts';
import { timeOutTasks } from '../../../shared/db/transactions/time-out-tasks.ts';
import { type InstanceId, newId } from '../../../shared/job/ids.ts';
import { TestFarm } from '../../support/test-farm.ts';

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

/** Claims a whole-file encode, and lets its lease run out while coordinators are up. */
async function expired() {
  const worker = await farm.worker('a');
  const { id, task } = await farm.readyToCommit(worker);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  expect(await offerPublications(farm.store, farm.rules)).toBe(0);
  expect(await expireLeases(farm.store, farm.rules)).toBe(1);
  return { id, task, worker };
}

test('the first heartbeat makes a claimed task and its job running', async () => {
  const worker = await farm.worker('a');
  const id = await farm.submit();
  const task = await farm.claim(worker);
  expect(await farm.job(id)).toMatchObject({ state: 'assigned' });
  await farm.heartbeat(worker, [task]);
  expect(await farm.task(task)).toMatchObject({ state: 'running', progress: 0 });
  expect(await farm.job(id)).toMatchObject({ state: 'running' });
});

test('a heartbeat renews exactly the attempts it lists', async () => {
  const worker = await farm.worker('a');
  await farm.submit();
  await farm.submit();
  const [listed, forgotten] = [await farm.claim(worker), await farm.claim(worker)];
  await farm.heartbeat(worker, [listed, forgotten]);
  await farm.coordinatorsUpFor(6_000);
  await farm.heartbeat(worker, [listed]);
  await farm.coordinatorsUpFor(6_000);
  await expireLeases(farm.store, farm.rules);
  expect((await farm.task(listed)).state).toBe('running');
  expect((await farm.task(forgotten)).state).toBe('pending');
});

test('an expired lease makes a task claimable and leaves the attempt alone', async () => {
  const { id, task } = await expired();
  expect(await farm.task(task)).toMatchObject({ state: 'pending', token: task.token, attempt: 1, interruptions: 0 });
  expect(
    await farm.store.db
      .selectFrom('attempts')
      .selectAll()
      .where('job_id', '=', id)
      .where('ended_at', 'is', null)
      .execute(),
  ).toHaveLength(1);
});

test('no lease expires while no coordinator was there to renew it', async () => {
  const worker = await farm.worker('a');
  const { task } = await farm.readyToCommit(worker);
  farm.clock.advance(30_000); // both coordinators are down
  await farm.coordinatorsUpFor(5_000);
  expect(await expireLeases(farm.store, farm.rules)).toBe(0);
  expect((await farm.task(task)).state).toBe('running');
  await farm.coordinatorsUpFor(6_000);
  expect(await expireLeases(farm.store, farm.rules)).toBe(1);
});

test('a heartbeat takes a task back that nobody else has claimed', async () => {
  const { task, worker } = await expired();
  expect(await farm.heartbeat(worker, [task])).toMatchObject({ lost: [], cancel: [] });
  expect(await farm.task(task)).toMatchObject({ state: 'running', attempt: 1, interruptions: 0 });
});

test('a commit takes a task back that nobody else has claimed', async () => {
  const { task } = await expired();
  expect(await farm.commit(task)).toBe('committed');
  expect(await farm.task(task)).toMatchObject({ state: 'committing', winner: task.token });
});

test('a report takes a task back that nobody else has claimed', async () => {
  const worker = await farm.worker('a');
  const id = await farm.submit();
  const probe = await farm.claim(worker);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  await expireLeases(farm.store, farm.rules);
  expect(await farm.done(probe)).toBe('recorded');
  expect((await farm.tasks(id, 'probe'))[0]).toMatchObject({ state: 'completed', attempt: 1 });
});

test('once claimed by another, the former attempt can change nothing', async () => {
  const { id, task, worker } = await expired();
  const other = await farm.worker('b');
  farm.clock.advance(2_000);
  const second = await farm.claim(other);
  expect(second).toMatchObject({ task_id: task.task_id, attempt: 2 });
  expect((await farm.heartbeat(worker, [task])).lost).toEqual([task.token]);
  expect(await farm.commit(task)).toBe('fenced');
  expect(await farm.done(task)).toBe('fenced');
  expect(await farm.fails(task, 'ffmpeg_failed')).toBe('fenced');
  expect(await farm.task(task)).toMatchObject({
    state: 'assigned',
    token: second.token,
    interruptions: 1,
    failures: 0,
  });
  expect(await farm.job(id)).toMatchObject({ winner: null });
});

test('interruptions are bounded, counted at the next claim, and our fault', async () => {
  const workers = [await farm.worker('a'), await farm.worker('b')];
  const id = await farm.submit();
  for (let round = 0; round < farm.rules.maxInterruptions; round += 1) {
    const worker = workers[round % 2];
    if (!worker) throw new Error('no worker');
    await farm.coordinatorsUpFor(60_000);
    await Promise.all(workers.map((each) => farm.heartbeat(each, [])));
    const task = await farm.claim(worker);
    await farm.heartbeat(worker, [task]);
    await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
    await expireLeases(farm.store, farm.rules);
  }
  expect((await farm.tasks(id))[0]).toMatchObject({ state: 'pending', interruptions: farm.rules.maxInterruptions - 1 });
  farm.clock.advance(60_000);
  const [any] = workers;
  if (!any) throw new Error('no worker');
  expect(await farm.tryClaim(any)).toBeNull();
  const job = await farm.job(id);
  expect(job.state).toBe('failed');
  expect(JSON.parse(job.error ?? '{}')).toMatchObject({ code: 'interrupted_too_often', fault: 'us' });
});

test('a restarted worker’s tasks are offered again at once', async () => {
  const worker = await farm.worker('a');
  const id = await farm.submit();
  await farm.heartbeat(worker, [await farm.claim(worker)]);
  const restarted = await farm.worker('a', ['libx264'], worker);
  expect((await farm.tasks(id))[0]).toMatchObject({ state: 'pending', token: null, interruptions: 1 });
  farm.clock.advance(1_000);
  expect(await farm.tryClaim(restarted)).toMatchObject({ attempt: 2 });
});

test('a shutdown gives the task back without holding it against anybody', async () => {
  const worker = await farm.worker('a');
  const id = await farm.submit();
  const task = await farm.claim(worker);
  await farm.report(task, { outcome: 'interrupted', counted: false });
  expect((await farm.tasks(id))[0]).toMatchObject({ state: 'pending', interruptions: 0, failures: 0 });
  expect(await farm.tryClaim(worker)).not.toBeNull();
});

test('an attempt that runs too long is ended and uses the retry budget', async () => {
  const worker = await farm.worker('a');
  const id = await farm.submit({ timeout_seconds: 60, retry_attempts: 0 });
  const task = await farm.claim(worker);
  await farm.heartbeat(worker, [task]);
  farm.clock.advance(61_000);
  expect(await timeOutTasks(farm.store, farm.rules)).toBe(1);
  expect((await farm.job(id)).error).toContain('timed_out');
  expect((await farm.heartbeat(worker, [task])).lost).toEqual([task.token]);
});

test('a cancel of a task whose lease ran out ends its attempt too', async () => {
  const { id, task, worker } = await expired();
  await cancelJob(farm.store, id);
  expect(await farm.job(id)).toMatchObject({ state: 'canceled' });
  expect(await farm.commit(task)).toBe('fenced');
  expect(await farm.done(task)).toBe('fenced');
  expect(await farm.report(task, { outcome: 'canceled' })).toBe('recorded');
  expect((await farm.heartbeat(worker, [task])).lost).toEqual([task.token]);
  const open = await farm.store.db.selectFrom('attempts').select('id').where('ended_at', 'is', null).execute();
  expect(open).toEqual([]);
});

test('a restart ends the attempt of a task whose lease ran out', async () => {
  const { task, worker } = await expired();
  await farm.worker('a', ['libx264'], worker);
  expect(await farm.task(task)).toMatchObject({ state: 'pending', token: null, interruptions: 1 });
  expect(await farm.commit(task)).toBe('fenced');
});

test('a restart confirms a cancel, and a second registration of the same life releases nothing', async () => {
  const worker = await farm.worker('a');
  const { id } = await farm.readyToCommit(worker);
  await cancelJob(farm.store, id);
  const restarted = await farm.worker('a', ['libx264', 'aac'], worker);
  expect((await farm.job(id)).state).toBe('canceled');
  const { task } = await farm.readyToCommit(restarted);
  await releaseFormerInstances(farm.store, {
    workerId: restarted.id,
    instanceId: restarted.instance,
    rules: farm.rules,
  });
  expect((await farm.task(task)).state).toBe('running');
});

test('a former life that is still running renews nothing', async () => {
  const worker = await farm.worker('a');
  const { task } = await farm.readyToCommit(worker);
  const { lease_until } = await farm.task(task);
  await farm.store.db.updateTable('workers').set({ instance_id: newId<InstanceId>() }).execute();
  farm.clock.advance(1_000);
  await expect(farm.heartbeat(worker, [task])).rejects.toMatchObject({ code: 'name_in_use' });
  expect(await farm.task(task)).toMatchObject({ lease_until });
});

test('a former attempt neither renews the lease of the present one nor moves its progress', async () => {
  const { task, worker } = await expired();
  const other = await farm.worker('b');
  farm.clock.advance(2_000);
  const second = await farm.claim(other);
  await farm.heartbeat(other, [second], 0.25);
  const before = await farm.task(second);
  farm.clock.advance(1_000);
  expect(await farm.commit(task)).toBe('fenced');
  expect((await farm.heartbeat(worker, [task], 0.75)).lost).toEqual([task.token]);
  expect(await farm.task(second)).toEqual(before);
});
