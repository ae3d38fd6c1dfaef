import { afterEach, beforeEach, expect, test } from 'vitest';
import { findWorker } from '../../../shared/db/queries/find-worker.ts';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import { claimTask } from '../../../shared/db/transactions/claim-task.ts';
import { drainWorker } from '../../../shared/db/transactions/drain-worker.ts';
import { expireLeases } from '../../../shared/db/transactions/expire-leases.ts';
import { forceCancels } from '../../../shared/db/transactions/force-cancels.ts';
import { forgetWorker } from '../../../shared/db/transactions/forget-worker.ts';
import { markWorkersOffline } from '../../../shared/db/transactions/mark-workers-offline.ts';
import { offerPublications } from '../../../shared/db/transactions/offer-publications.ts';
import { releaseFormerInstances } from '../../../shared/db/transactions/release-former-instances.ts';
import { resumeWorker } from '../../../shared/db/transactions/resume-worker.ts';
import { timeOutTasks } from '../../../shared/db/transactions/time-out-tasks.ts';
import { type AttemptId, type InstanceId, type JobId, newId } from '../../../shared/job/ids.ts';
import { TestFarm, type TestWorker } from '../../support/test-farm.ts';
import { overtaken, overtakenBefore } from '../../support/troubled-stores.ts';

// What happens between a call's look and its transaction: the write that follows must not trust the look.

let farm: TestFarm;
let worker: TestWorker;
beforeEach(async () => {
  farm = await TestFarm.open();
  worker = await farm.worker('a');
});
afterEach(() => farm.close());

/** A claim that is overtaken by something after it has chosen its task. */
function claimWhile(meanwhile: () => Promise<unknown>, claimer = worker) {
  const body = { claim_id: newId<AttemptId>(), instance_id: claimer.instance };
  return claimTask(overtaken(farm.store, meanwhile), { workerId: claimer.id, body, rules: farm.rules });
}

/** More than a claim looks for, in its one look or its two. */
const STATEMENTS = 10;

/** A claim that is sent twice: the other coordinator grants it before a statement of this one's look. */
async function claimTwice(statement: number, { named = false, meanwhile = async () => {} } = {}) {
  const id = await farm.submit();
  const [probe] = await farm.tasks(id);
  const body = {
    claim_id: newId<AttemptId>(),
    instance_id: worker.instance,
    ...(named && probe && { class: probe.class }),
  };
  const grant = async () => {
    await claimTask(farm.store, { workerId: worker.id, body, rules: farm.rules });
    await meanwhile();
  };
  const store = overtakenBefore(farm.store, statement, grant);
  const answer = await claimTask(store, { workerId: worker.id, body, rules: farm.rules });
  return { answer, granted: { task: { task_id: probe?.id, token: body.claim_id, attempt: 1 } } };
}

async function openAttempts(): Promise<number> {
  return (await farm.store.db.selectFrom('attempts').select('id').where('ended_at', 'is', null).execute()).length;
}

test('a claim whose task another worker got first asks to come again', async () => {
  await farm.submit();
  const other = await farm.worker('b');
  expect(await claimWhile(() => farm.claim(other))).toEqual({ again: true });
  expect(await openAttempts()).toBe(1);
});

test.each([true, false])(
  'a claim that is granted elsewhere while it looks gets its task (class named: %s)',
  async (named) => {
    for (let statement = 0; statement < STATEMENTS; statement += 1) {
      const { answer, granted } = await claimTwice(statement, { named });
      expect(answer, `before statement ${statement}`).toMatchObject(granted);
    }
  },
);

test('a claim that is granted elsewhere before its worker is drained gets its task', async () => {
  const meanwhile = () => drainWorker(farm.store, worker.id);
  for (let statement = 0; statement < STATEMENTS; statement += 1) {
    await resumeWorker(farm.store, worker.id);
    const { answer, granted } = await claimTwice(statement, { meanwhile });
    expect(answer, `before statement ${statement}`).toMatchObject(granted);
  }
});

test('a claim does not take a task that failed meanwhile before its pause is over', async () => {
  await farm.submit();
  const answer = await claimWhile(async () => farm.fails(await farm.claim(worker), 'ffmpeg_failed'));
  expect(answer).toEqual({ again: true });
});

test('a claim does not take a task that was canceled meanwhile', async () => {
  const id = await farm.submit();
  expect(await claimWhile(() => cancelJob(farm.store, id))).toEqual({ again: true });
  expect(await farm.job(id)).toMatchObject({ state: 'canceled' });
});

test('a worker that is drained or replaced meanwhile is given nothing', async () => {
  const id = await farm.submit();
  const other = await farm.worker('b');
  expect(await claimWhile(() => drainWorker(farm.store, other.id), other)).toEqual({ again: true });
  expect(await claimWhile(() => farm.worker('a', ['libx264'], worker))).toEqual({ again: true });
  expect(await farm.job(id)).toMatchObject({ state: 'pending' });
});

test('a worker that is forgotten meanwhile is given nothing', async () => {
  const id = await farm.submit();
  expect(await claimWhile(() => forgetWorker(farm.store, worker.id))).toEqual({ again: true });
  expect(await farm.job(id)).toMatchObject({ state: 'pending' });
  expect(await openAttempts()).toBe(0);
  await expect(farm.claimUnheard(worker)).rejects.toMatchObject({ code: 'unknown_worker' });
});

test('a lease that is renewed, a task that is canceled or committed meanwhile does not expire', async () => {
  const { id, task } = await farm.readyToCommit(worker);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  const expireWhile = (meanwhile: () => Promise<unknown>) => expireLeases(overtaken(farm.store, meanwhile), farm.rules);
  expect(await expireWhile(() => farm.heartbeat(worker, [task]))).toBe(0);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  expect(await expireWhile(() => cancelJob(farm.store, id))).toBe(0);
  expect((await farm.job(id)).state).toBe('canceling');
});

test('a lease that is renewed meanwhile and runs out while no coordinator is there does not expire', async () => {
  const { task } = await farm.readyToCommit(worker);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  const renewThenOutage = async () => {
    await farm.heartbeat(worker, [task]);
    farm.clock.advance(farm.rules.leaseMs + 1_000);
  };
  expect(await expireLeases(overtaken(farm.store, renewThenOutage), farm.rules)).toBe(0);
  expect((await farm.task(task)).state).toBe('running');
});

test('a task that is canceled or committed meanwhile does not time out', async () => {
  const timeOutWhile = (meanwhile: () => Promise<unknown>) =>
    timeOutTasks(overtaken(farm.store, meanwhile), farm.rules);
  const canceled = await farm.readyToCommit(worker, { timeout_seconds: 60 });
  farm.clock.advance(61_000);
  expect(await timeOutWhile(() => cancelJob(farm.store, canceled.id))).toBe(0);
  expect((await farm.job(canceled.id)).state).toBe('canceling');
  const committed = await farm.readyToCommit(worker, { timeout_seconds: 60 });
  farm.clock.advance(61_000);
  expect(await timeOutWhile(() => farm.commit(committed.task))).toBe(0);
  expect(await farm.task(committed.task)).toMatchObject({ state: 'committing', offered: 0 });
});

test('of two settlers one gets the publication', async () => {
  const { task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  await farm.report(task, { outcome: 'interrupted', counted: false });
  const settlers = [await farm.worker('b'), await farm.worker('c')] as const;
  expect(await claimWhile(() => farm.claim(settlers[0]), settlers[1])).toEqual({ again: true });
  expect(await claimWhile(() => farm.done(task))).toEqual({ task: null });
});

test('a settler that chose one publication is not given the next one of the same task', async () => {
  const { task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  await farm.report(task, { outcome: 'interrupted', counted: false });
  const settlers = [await farm.worker('b'), await farm.worker('c')] as const;
  const commitAnew = async () => {
    await farm.report(await farm.claim(settlers[0]), { outcome: 'rolled_back' });
    const next = await farm.claim(settlers[0]);
    await farm.commit(next);
    await farm.report(next, { outcome: 'interrupted', counted: false });
  };
  expect(await claimWhile(commitAnew, settlers[1])).toEqual({ again: true });
});

test('a publication that is finished meanwhile is not claimed', async () => {
  const { id, task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  await offerPublications(farm.store, farm.rules);
  await farm.heartbeat(worker, []);
  expect(await claimWhile(() => farm.done(task))).toEqual({ again: true });
  expect((await farm.job(id)).state).toBe('completed');
});

test('a cancel that is confirmed meanwhile is not confirmed twice', async () => {
  const { id, task } = await farm.readyToCommit(worker);
  await cancelJob(farm.store, id);
  await farm.coordinatorsUpFor(20_000);
  const forcing = forceCancels(
    overtaken(farm.store, () => farm.report(task, { outcome: 'canceled' })),
    farm.rules,
  );
  expect(await forcing).toBe(0);
  expect((await farm.events(id)).filter((event) => event === 'task.canceled')).toHaveLength(1);
});

/** A new life of the worker, which takes up no journal, releases what the former one left behind. */
function releaseWhile(meanwhile: () => Promise<unknown>): Promise<void> {
  const life = { workerId: worker.id, instanceId: newId<InstanceId>(), rules: farm.rules };
  return releaseFormerInstances(overtaken(farm.store, meanwhile), life);
}

test('a task that a former life completes meanwhile stays completed', async () => {
  const id = await farm.probed(worker);
  const task = await farm.claim(worker);
  const { open_tasks: open } = await farm.job(id);
  await releaseWhile(() => farm.done(task));
  expect(await farm.task(task)).toMatchObject({ state: 'completed', interruptions: 0 });
  expect(await farm.job(id)).toMatchObject({ open_tasks: open - 1 });
  expect(await farm.events(id)).not.toContain('task.requeued');
});

test('a job that a former life publishes meanwhile stays completed', async () => {
  const { id, task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  await releaseWhile(() => farm.done(task));
  expect(await farm.job(id)).toMatchObject({ state: 'completed' });
  expect(await farm.task(task)).toMatchObject({ state: 'completed', winner: task.token });
});

test('a cancel that a former life confirms meanwhile is not held against its worker', async () => {
  const { id, task } = await farm.readyToCommit(worker);
  await releaseWhile(async () => {
    await cancelJob(farm.store, id);
    await farm.report(task, { outcome: 'canceled' });
  });
  expect(await farm.task(task)).toMatchObject({ state: 'canceled', interruptions: 0 });
  expect(await findWorker(farm.store.db, worker.id)).toMatchObject({ interruptions: 0 });
});

test('a worker that is heard of meanwhile is not shown as offline', async () => {
  await farm.coordinatorsUpFor(farm.rules.offlineMs + 1_000);
  const marking = markWorkersOffline(
    overtaken(farm.store, () => farm.heartbeat(worker, [])),
    farm.rules,
  );
  expect(await marking).toBe(0);
});

test.each(['commit', 'done'] as const)('a %s that another claim overtakes is fenced', async (verb) => {
  const { task } = await farm.readyToCommit(worker);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  await expireLeases(farm.store, farm.rules);
  const other = await farm.worker('b');
  farm.clock.advance(2_000);
  const late = new TestFarm(
    overtaken(farm.store, () => farm.claim(other)),
    farm.clock,
    farm.rules,
  );
  expect(await late[verb](task)).toBe('fenced');
  expect(await farm.task(task)).toMatchObject({ state: 'assigned', winner: null, interruptions: 1 });
});

test('a heartbeat that another claim overtakes is told that the attempt is lost', async () => {
  const id: JobId = await farm.submit();
  const task = await farm.claim(worker);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  await expireLeases(farm.store, farm.rules);
  const other = await farm.worker('b');
  farm.clock.advance(2_000);
  const late = new TestFarm(
    overtaken(farm.store, () => farm.claim(other)),
    farm.clock,
    farm.rules,
  );
  expect(await late.heartbeat(worker, [task])).toMatchObject({ lost: [task.token] });
  expect(await farm.job(id)).toMatchObject({ state: 'assigned' });
});

test('of two machines that want the name of a silent worker, one gets it', async () => {
  farm.clock.advance(farm.rules.offlineMs + 1);
  let taken: TestWorker | undefined;
  const late = new TestFarm(
    overtaken(farm.store, async () => {
      taken = await farm.worker('a');
    }),
    farm.clock,
    farm.rules,
  );
  await expect(late.worker('a')).rejects.toMatchObject({ code: 'name_in_use' });
  if (taken) await expect(farm.heartbeat(taken, [])).resolves.toMatchObject({ lost: [] });
});
