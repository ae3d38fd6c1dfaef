import { afterEach, beforeEach, expect, test } from 'vitest';
import { listAttempts } from '../../../shared/db/queries/list-attempts.ts';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import { expireLeases } from '../../../shared/db/transactions/expire-leases.ts';
import { offerPublications } from '../../../shared/db/transactions/offer-publications.ts';
import { timeOutTasks } from '../../../shared/db/transactions/time-out-tasks.ts';
import { TestFarm } from '../../support/test-farm.ts';

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

/** A committed attempt whose worker went silent before its report, offered to whoever comes next. */
async function abandoned() {
  const winner = await farm.worker('winner');
  const { id, task } = await farm.readyToCommit(winner);
  await farm.commit(task);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  expect(await offerPublications(farm.store, farm.rules)).toBe(1);
  const settler = await farm.worker('settler');
  return { id, task, settler };
}

test('the winner is recorded by the commit and the job completes only by the report', async () => {
  const worker = await farm.worker('a');
  const { id, task } = await farm.readyToCommit(worker);
  expect(await farm.commit(task)).toBe('committed');
  expect(await farm.job(id)).toMatchObject({ state: 'running', winner: task.token });
  expect(await farm.done(task)).toBe('recorded');
  const job = await farm.job(id);
  expect(job).toMatchObject({ state: 'completed', winner: task.token, output_reservation: null });
  expect(JSON.parse(job.result ?? '{}')).toMatchObject({ size_bytes: 1000 });
});

test('a publishing task does not complete without a commit', async () => {
  const worker = await farm.worker('a');
  const { id, task } = await farm.readyToCommit(worker);
  expect(await farm.done(task)).toBe('fenced');
  expect((await farm.job(id)).state).toBe('running');
});

test('a commit and a report asked twice are answered as the first time', async () => {
  const worker = await farm.worker('a');
  const { task } = await farm.readyToCommit(worker);
  expect([await farm.commit(task), await farm.commit(task)]).toEqual(['committed', 'committed']);
  expect([await farm.done(task), await farm.done(task)]).toEqual(['recorded', 'recorded']);
  expect(await farm.commit(task)).toBe('committed');
});

test('while a winner stands no expiry, timeout or cancel touches the task', async () => {
  const worker = await farm.worker('a');
  const { id, task } = await farm.readyToCommit(worker, { timeout_seconds: 1 });
  await farm.commit(task);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  expect(await expireLeases(farm.store, farm.rules)).toBe(0);
  expect(await timeOutTasks(farm.store, farm.rules)).toBe(0);
  await expect(cancelJob(farm.store, id)).rejects.toMatchObject({ code: 'too_late' });
  expect(await farm.task(task)).toMatchObject({ state: 'committing', winner: task.token });
});

test('an abandoned publication is claimed as it is and finished by the settler', async () => {
  const { id, task, settler } = await abandoned();
  const settling = await farm.claim(settler);
  expect(settling).toMatchObject({ task_id: task.task_id, settle: { winner: task.token, file: { inode: '42' } } });
  expect(await farm.done(settling)).toBe('recorded');
  expect(await farm.job(id)).toMatchObject({ state: 'completed', winner: task.token });
});

test('an abandoned publication goes before everything else', async () => {
  const { task, settler } = await abandoned();
  await farm.submit({ priority: 100 });
  expect(await farm.claim(settler)).toMatchObject({ task_id: task.task_id });
});

test('a late winner reports done after a settler was first, and is not told off', async () => {
  const { id, task, settler } = await abandoned();
  await farm.done(await farm.claim(settler));
  expect(await farm.done(task)).toBe('recorded');
  expect((await farm.events(id)).filter((event) => event === 'job.completed')).toHaveLength(1);
});

test('a late winner may finish while a settler is at it, and the settler’s report is fine too', async () => {
  const { task, settler } = await abandoned();
  const settling = await farm.claim(settler);
  expect((await farm.heartbeat({ ...settler }, [settling])).lost).toEqual([]);
  expect(await farm.done(task)).toBe('recorded');
  expect(await farm.done(settling)).toBe('recorded');
});

test('a commit that takes suspiciously long is offered under a fresh lease too', async () => {
  const worker = await farm.worker('a');
  const { task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  for (let passed = 0; passed <= farm.rules.settleMs; passed += 5_000) {
    await farm.coordinatorsUpFor(5_000);
    await farm.heartbeat(worker, [task]);
  }
  expect(await offerPublications(farm.store, farm.rules)).toBe(1);
});

test('a settler that found nothing takes the decision back, and only it', async () => {
  const { id, task, settler } = await abandoned();
  const settling = await farm.claim(settler);
  expect(await farm.report(task, { outcome: 'rolled_back' })).toBe('fenced');
  expect(await farm.report(settling, { outcome: 'rolled_back' })).toBe('recorded');
  expect(await farm.task(task)).toMatchObject({ state: 'pending', winner: null, token: null });
  expect(await farm.job(id)).toMatchObject({ winner: null, state: 'running' });
  expect(await farm.commit(task)).toBe('fenced');
});

test('a name taken by another file fails the job', async () => {
  const worker = await farm.worker('a');
  const { id, task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  expect(await farm.fails(task, 'output_exists', 'reject')).toBe('recorded');
  const job = await farm.job(id);
  expect(job.state).toBe('failed');
  expect(job.error).toContain('output_exists');
});

test('a winner that is shut down leaves the publication to the next', async () => {
  const worker = await farm.worker('a');
  const { task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  await farm.report(task, { outcome: 'interrupted', counted: false });
  expect(await farm.claim(worker)).toMatchObject({ task_id: task.task_id, settle: { winner: task.token } });
});

test('a restarted winner is offered its own publication', async () => {
  const worker = await farm.worker('a');
  const { task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  const restarted = await farm.worker('a', ['libx264'], worker);
  expect(await farm.claim(restarted)).toMatchObject({ settle: { winner: task.token } });
});

/** Attempts that read as if they were still at work. */
async function openAttempts(): Promise<string[]> {
  const rows = await farm.store.db.selectFrom('attempts').select('id').where('ended_at', 'is', null).execute();
  return rows.map(({ id }) => id);
}

/** A publication whose settler has vanished too, in the hands of a second one. */
async function settledAgain() {
  const { settler, ...rest } = await abandoned();
  const vanished = await farm.claim(settler);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  expect(await offerPublications(farm.store, farm.rules)).toBe(1);
  await farm.heartbeat(settler, []);
  return { ...rest, settler, vanished, settling: await farm.claim(settler) };
}

test('a finished publication leaves no attempt open, however many settlers were at it', async () => {
  const { settling, vanished } = await settledAgain();
  await farm.done(settling);
  expect(await openAttempts()).toEqual([]);
  expect(await farm.done(vanished)).toBe('recorded');
});

test('a decision that was taken back leaves no attempt open', async () => {
  const { settling, vanished, task } = await settledAgain();
  expect(await farm.report(vanished, { outcome: 'rolled_back' })).toBe('fenced');
  await farm.report(settling, { outcome: 'rolled_back' });
  expect(await openAttempts()).toEqual([]);
  expect(await farm.done(task)).toBe('fenced');
});

test('that the name is taken is for the present settler to say, and leaves no attempt open', async () => {
  const { id, task, settling, vanished } = await settledAgain();
  for (const late of [vanished, task]) expect(await farm.fails(late, 'output_exists', 'reject')).toBe('fenced');
  expect((await farm.job(id)).state).toBe('running');
  await farm.fails(settling, 'output_exists', 'reject');
  expect((await farm.job(id)).state).toBe('failed');
  expect(await openAttempts()).toEqual([]);
});

test('after a decision was taken back, the former winner and its settlers say nothing about the next', async () => {
  const { task, settling, settler } = await settledAgain();
  await farm.report(settling, { outcome: 'rolled_back' });
  const next = await farm.claim(settler);
  expect(next).toMatchObject({ task_id: task.task_id, settle: null });
  await farm.commit(next);
  for (const late of [task, settling]) {
    expect(await farm.done(late)).toBe('fenced');
    expect(await farm.commit(late)).toBe('fenced');
  }
  expect(await farm.task(task)).toMatchObject({ state: 'committing', winner: next.token });
});

test('a commit that is asked again after the publication was rejected is refused', async () => {
  const worker = await farm.worker('a');
  const { task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  await farm.fails(task, 'output_exists', 'reject');
  expect(await farm.commit(task)).toBe('fenced');
});

test('only a task that publishes can be committed', async () => {
  await farm.submit();
  const probe = await farm.claim(await farm.worker('a'));
  expect(await farm.commit(probe)).toBe('fenced');
});

test('a settler that gave up does not offer what another is settling', async () => {
  const { task, vanished } = await settledAgain();
  expect(await farm.report(vanished, { outcome: 'interrupted' })).toBe('recorded');
  expect(await farm.task(task)).toMatchObject({ state: 'committing', offered: 0 });
});

test('a winner whose publication is being settled or is settled is not told that it is lost', async () => {
  const { task, settler } = await abandoned();
  await farm.claim(settler);
  expect((await farm.heartbeat(settler, [task])).lost).toEqual([]);
});

test('a settler has half a minute before the next one is asked', async () => {
  const { settler } = await abandoned();
  const settling = await farm.claim(settler);
  for (let passed = 0; passed < farm.rules.settleMs; passed += 5_000) {
    await farm.heartbeat(settler, [settling]);
    expect(await offerPublications(farm.store, farm.rules)).toBe(0);
    await farm.coordinatorsUpFor(5_000);
  }
  await farm.heartbeat(settler, [settling]);
  farm.clock.advance(1);
  expect(await offerPublications(farm.store, farm.rules)).toBe(1);
});

test('how earlier attempts ended is not rewritten by the publication', async () => {
  const worker = await farm.worker('a');
  const { id, task } = await farm.readyToCommit(worker, { retry_delay_seconds: 0 });
  await farm.fails(task, 'ffmpeg_failed');
  const again = await farm.claim(worker);
  await farm.commit(again);
  await farm.done(again);
  const attempts = await listAttempts(farm.store.db, id);
  const outcomes = attempts.filter(({ task_id }) => task_id === task.task_id).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['retry', 'done']);
});
