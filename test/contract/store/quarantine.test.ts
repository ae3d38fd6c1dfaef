import { afterEach, beforeEach, expect, test } from 'vitest';
import { findWorker } from '../../../shared/db/queries/find-worker.ts';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import { resumeWorker } from '../../../shared/db/transactions/resume-worker.ts';
import { TestFarm, type TestWorker } from '../../support/test-farm.ts';

let farm: TestFarm;
let sick: TestWorker;
beforeEach(async () => {
  farm = await TestFarm.open();
  sick = await farm.worker('sick');
});
afterEach(() => farm.close());

let urgency = 100;

/** A crash that breaks off as many tasks, all new ones, some time after the one before. */
async function crash(tasks = 1): Promise<void> {
  farm.clock.advance(60_000);
  urgency += 1;
  const jobs = await Promise.all(Array.from({ length: tasks }, () => farm.submit({ priority: urgency })));
  for (const _ of jobs) await farm.report(await farm.claim(sick), { outcome: 'interrupted' });
}

const status = async () => (await findWorker(farm.store.db, sick.id))?.status;

test('three crashes in a row on different tasks quarantine a worker, until it is resumed', async () => {
  await farm.worker('well');
  for (const expected of ['online', 'online', 'quarantined']) {
    await crash();
    expect(await status()).toBe(expected);
  }
  await farm.heartbeat(sick, []);
  expect(await status()).toBe('quarantined');
  expect(await farm.tryClaim(sick)).toBeNull();
  await resumeWorker(farm.store, sick.id);
  await crash();
  expect(await status()).toBe('online');
});

test('one crash that breaks off many tasks is one incident', async () => {
  await farm.worker('well');
  await crash(5);
  expect(await status()).toBe('online');
});

test('a task that crashes its worker again and again says nothing about the worker', async () => {
  await farm.worker('well');
  await farm.submit();
  for (let round = 0; round < 4; round += 1) {
    farm.clock.advance(60_000);
    await farm.report(await farm.claim(sick), { outcome: 'interrupted' });
  }
  expect(await status()).toBe('online');
});

test('a task that is done, or published, between crashes ends the row of them', async () => {
  await farm.worker('well');
  await crash();
  await crash();
  const between = await farm.submit({ priority: 1_000 });
  await farm.done(await farm.claim(sick));
  await cancelJob(farm.store, between);
  await crash();
  await crash();
  expect(await status()).toBe('online');
  const { task } = await farm.readyToCommit(sick, { priority: 2_000 });
  await farm.store.db.updateTable('workers').set({ interruptions: 2 }).where('id', '=', sick.id).execute();
  await farm.commit(task);
  await farm.done(task);
  await crash();
  expect(await status()).toBe('online');
});

test('a quarantine is decided under a lock of all, and nothing is locked before one is due', async () => {
  const turns = async () => {
    const rows = farm.store.db.selectFrom('leader_leases').select('until_at').where('name', '=', 'quarantine');
    return (await rows.executeTakeFirst())?.until_at ?? 0;
  };
  for (const expected of [0, 0, 1, 2]) {
    await crash();
    expect(await turns()).toBe(expected); // nobody else serves
  }
  expect(await status()).toBe('online');
  await farm.worker('well');
  await crash();
  expect(await turns()).toBe(3);
  expect(await status()).toBe('quarantined');
});

test('the only worker of a farm is never quarantined', async () => {
  for (let round = 0; round < 4; round += 1) await crash();
  expect(await status()).toBe('online');
});

test('a sick worker alone does not condemn a task', async () => {
  const well = await farm.worker('well');
  const id = await farm.submit();
  for (let round = 0; round < farm.rules.maxInterruptions; round += 1) {
    farm.clock.advance(60_000);
    await farm.report(await farm.claim(sick), { outcome: 'interrupted' });
  }
  expect(await farm.job(id)).toMatchObject({ state: 'running' });
  farm.clock.advance(60_000);
  await farm.report(await farm.claim(well), { outcome: 'interrupted' });
  expect((await farm.job(id)).error).toContain('interrupted_too_often');
});
