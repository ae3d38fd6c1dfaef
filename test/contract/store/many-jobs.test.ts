import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clockOfDatabase } from '../../../shared/db/mariadb/look-together.ts';
import { claimableTasks } from '../../../shared/db/queries/claimable-tasks.ts';
import { submitJobs } from '../../../shared/db/transactions/submit-jobs.ts';
import { newId, type WorkerId } from '../../../shared/job/ids.ts';
import { onGalera } from '../../support/open-test-store.ts';
import { TestFarm, testRequest } from '../../support/test-farm.ts';

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

/** What the database says it is going to do for the look of a claim. */
async function planOfClaim() {
  const now = onGalera ? clockOfDatabase : farm.store.clock();
  const look = { queueClass: 'any@/+scratch', worker: newId<WorkerId>(), now };
  const { sql, parameters } = claimableTasks(farm.store.db, look).compile();
  const explain = onGalera ? 'explain' : 'explain query plan';
  const { rows } = await farm.store.db.executeQuery<{ detail: string } & Record<'key' | 'ref' | 'Extra', string>>(
    CompiledQuery.raw(`${explain} ${sql}`, [...parameters]),
  );
  return rows;
}

test('a claim reads the beginning of one index range and sorts nothing', async () => {
  await submitJobs(
    farm.store,
    Array.from({ length: 200 }, () => ({ request: testRequest(), idempotencyKey: null })),
  );
  const plan = await planOfClaim();
  const details = JSON.stringify(plan);
  if (onGalera) {
    expect(plan[0]).toMatchObject({ key: 'tasks_to_claim' });
    expect(details).not.toMatch(/filesort|temporary/);
    return;
  }
  expect(details).toContain('USING INDEX tasks_to_claim (state=? AND class=?)');
  expect(details).not.toContain('TEMP B-TREE');
});

test('a thousand jobs in one batch are claimed in the order in which they came', async () => {
  const batch = Array.from({ length: 1000 }, () => ({ request: testRequest(), idempotencyKey: null }));
  const submitted = await submitJobs(farm.store, batch);
  expect(new Set(submitted.map(({ id }) => id)).size).toBe(1000);
  const found = await claimableTasks(farm.store.db, {
    queueClass: 'any@/+scratch',
    worker: newId<WorkerId>(),
    now: farm.store.clock(),
  }).execute();
  expect(found.map((task) => task.job_id)).toEqual(submitted.slice(0, 20).map(({ id }) => id));
});
