import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimableTasks, listClaimableTasks } from '../../../shared/db/queries/list-claimable-tasks.ts';
import { submitJobs } from '../../../shared/db/transactions/submit-jobs.ts';
import { newId, type WorkerId } from '../../../shared/job/ids.ts';
import { TestFarm, testRequest } from '../../support/test-farm.ts';

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

/** What SQLite says it is going to do for the look of a claim. */
async function planOfClaim(): Promise<string> {
  const look = { queueClass: 'any', worker: newId<WorkerId>(), now: farm.clock.now() };
  const { sql, parameters } = claimableTasks(farm.store.db, look).compile();
  const { rows } = await farm.store.db.executeQuery<{ detail: string }>(
    CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
  );
  return rows.map((row) => row.detail).join('\n');
}

test('a claim reads the beginning of one index range and sorts nothing', async () => {
  const plan = await planOfClaim();
  expect(plan).toContain('USING INDEX tasks_to_claim (state=? AND class=?)');
  expect(plan).not.toContain('TEMP B-TREE');
});

test('a thousand jobs in one batch are claimed in the order in which they came', async () => {
  const batch = Array.from({ length: 1000 }, () => ({ request: testRequest(), idempotencyKey: null }));
  const submitted = await submitJobs(farm.store, batch);
  expect(new Set(submitted.map(({ id }) => id)).size).toBe(1000);
  const found = await listClaimableTasks(farm.store.db, {
    queueClass: 'any',
    worker: newId<WorkerId>(),
    now: farm.clock.now(),
  });
  expect(found.map((task) => task.job_id)).toEqual(submitted.slice(0, 20).map(({ id }) => id));
});
