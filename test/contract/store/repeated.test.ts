import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../../shared/db/store.ts';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import { expireLeases } from '../../../shared/db/transactions/expire-leases.ts';
import { offerPublications } from '../../../shared/db/transactions/offer-publications.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import type { ClaimedTask } from '../../../shared/wire/workers.ts';
import { TestFarm } from '../../support/test-farm.ts';
import { committingTwice, deadlockingOnce } from '../../support/troubled-stores.ts';

// A cluster may ask for a whole transaction again, before or after it was committed. Neither may change an answer.

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

const TROUBLES: [string, (store: Store) => Store][] = [
  ['is repeated after its commit', committingTwice],
  ['is repeated after a deadlock', deadlockingOnce],
];

async function claimAll(troubled: TestFarm, worker: Parameters<TestFarm['claim']>[0]): Promise<ClaimedTask[]> {
  const claimed: ClaimedTask[] = [];
  for (;;) {
    const id = newId<AttemptId>();
    // A repeated claim learns only that somebody has the task; asked again, it turns out to be itself.
    const task = (await troubled.tryClaim(worker, id)) ?? (await farm.tryClaim(worker, id));
    if (task === null) return claimed;
    claimed.push(task);
  }
}

test.each(TROUBLES)('a job completes as ever when each transaction %s', async (_, trouble) => {
  const troubled = new TestFarm(trouble(farm.store), farm.clock, farm.rules);
  const announced: string[] = [];
  farm.store.events.subscribe(({ id }) => announced.push(id));
  const worker = await farm.worker('a');
  const id = await troubled.submit({}, 'key');
  for (let stage = 0; stage < 2; stage += 1) {
    const tasks = await claimAll(troubled, worker);
    await troubled.heartbeat(worker, tasks);
    for (const task of tasks) expect(await troubled.done(task)).toBe('recorded');
  }
  expect(await farm.job(id)).toMatchObject({ stage: 'assemble', open_tasks: 1, completed_tasks: 8, total_tasks: 9 });
  const [join, ...others] = await claimAll(troubled, worker);
  if (!join) throw new Error('there is no join');
  expect(others).toEqual([]);
  expect(await troubled.commit(join)).toBe('committed');
  expect(await troubled.done(join)).toBe('recorded');
  expect(await farm.job(id)).toMatchObject({ state: 'completed', completed_tasks: 9 });
  const rows = await farm.store.db.selectFrom('events').select(['id', 'seq']).where('job_id', '=', id).execute();
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_row, index) => index + 1));
  expect(announced.filter((event) => rows.some((row) => row.id === event))).toEqual(rows.map((row) => row.id));
  const open = await farm.store.db.selectFrom('attempts').select('id').where('ended_at', 'is', null).execute();
  expect(open).toEqual([]);
  expect((await farm.tasks(id)).map(({ attempt }) => attempt)).toEqual(Array(9).fill(1));
});

test.each(TROUBLES)('a failure is charged once when its transaction %s', async (_, trouble) => {
  const troubled = new TestFarm(trouble(farm.store), farm.clock, farm.rules);
  const worker = await farm.worker('a');
  await farm.submit();
  const task = await farm.claim(worker);
  expect(await troubled.fails(task, 'ffmpeg_failed')).toBe('recorded');
  expect(await farm.task(task)).toMatchObject({ state: 'pending', failures: 1 });
});

test.each(TROUBLES)('an interruption is counted once when its transactions %s', async (_, trouble) => {
  const troubled = new TestFarm(trouble(farm.store), farm.clock, farm.rules);
  const worker = await farm.worker('a');
  await farm.submit();
  await farm.claim(worker);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  await expireLeases(troubled.store, farm.rules);
  farm.clock.advance(2_000);
  const [again] = await claimAll(troubled, worker);
  if (!again) throw new Error('nothing to claim');
  expect(await farm.task(again)).toMatchObject({ state: 'assigned', attempt: 2, interruptions: 1 });
});

test.each(TROUBLES)('cancel and settle come out as ever when each transaction %s', async (_, trouble) => {
  const troubled = new TestFarm(trouble(farm.store), farm.clock, farm.rules);
  const worker = await farm.worker('a');
  const canceled = await farm.readyToCommit(worker);
  await cancelJob(troubled.store, canceled.id);
  expect((await farm.job(canceled.id)).state).toBe('canceling');
  expect(await troubled.report(canceled.task, { outcome: 'canceled' })).toBe('recorded');
  expect((await farm.job(canceled.id)).state).toBe('canceled');

  const { id, task } = await farm.readyToCommit(worker);
  await troubled.commit(task);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
  await offerPublications(troubled.store, farm.rules);
  await farm.heartbeat(worker, []);
  const [settling] = await claimAll(troubled, worker);
  if (!settling) throw new Error('nothing to settle');
  expect(await troubled.report(settling, { outcome: 'rolled_back' })).toBe('recorded');
  expect(await farm.job(id)).toMatchObject({ state: 'running', winner: null });
});
