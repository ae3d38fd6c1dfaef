import { CompiledQuery, type KyselyPlugin } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clockOfDatabase } from '../../../shared/db/mariadb/look-together.ts';
import { claimableTasks } from '../../../shared/db/queries/claimable-tasks.ts';
import { countClaimableTasks } from '../../../shared/db/queries/count-claimable-tasks.ts';
import { countDueTasks } from '../../../shared/db/queries/count-due-tasks.ts';
import type { Db } from '../../../shared/db/store.ts';
import { submitJobs } from '../../../shared/db/transactions/submit-jobs.ts';
import { newId, type WorkerId } from '../../../shared/job/ids.ts';
import { onGalera } from '../../support/open-test-store.ts';
import { TestFarm, testRequest } from '../../support/test-farm.ts';

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

type Step = { detail: string } & Record<'key' | 'ref' | 'Extra', string>;

/** What the database says it is going to do for the statements of a look. */
async function plansOf(look: (db: Db) => Promise<unknown>): Promise<Step[][]> {
  const { db } = farm.store;
  const statements: CompiledQuery[] = [];
  const recorder: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      statements.push(db.getExecutor().compileQuery(node, queryId));
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  await look(db.withPlugin(recorder));
  const explain = onGalera ? 'explain' : 'explain query plan';
  const plans: Step[][] = [];
  for (const { sql, parameters } of statements)
    plans.push((await db.executeQuery<Step>(CompiledQuery.raw(`${explain} ${sql}`, [...parameters]))).rows);
  return plans;
}

async function submitMany(count: number) {
  const batch = Array.from({ length: count }, () => ({ request: testRequest(), idempotencyKey: null }));
  return submitJobs(farm.store, batch);
}

test('a claim reads the beginning of one index range and sorts nothing', async () => {
  await submitMany(200);
  const now = onGalera ? clockOfDatabase : farm.store.clock();
  const look = { queueClass: 'any@/+scratch', worker: newId<WorkerId>(), now };
  const [plan] = await plansOf((db) => claimableTasks(db, look).execute());
  const details = JSON.stringify(plan);
  if (onGalera) {
    expect(plan?.[0]).toMatchObject({ key: 'tasks_by_urgency' });
    expect(details).not.toMatch(/filesort|temporary/);
    return;
  }
  expect(details).toContain('USING INDEX tasks_by_urgency (state=? AND class=?)');
  expect(details).not.toContain('TEMP B-TREE');
});

test('what is counted each second is read from an index alone, however many tasks wait', async () => {
  await submitMany(200);
  const now = farm.clock.now();
  const plans = await plansOf(async (db) => {
    await countClaimableTasks(db, now);
    await countDueTasks(db, { after: now - 1000, until: now });
  });
  expect(plans).toHaveLength(2);
  for (const [step] of plans) {
    if (onGalera) expect(step?.Extra).toMatch(/Using index(?! condition)/);
    else expect(step?.detail).toContain('COVERING INDEX');
  }
});

test('a thousand jobs in one batch are claimed in the order in which they came', async () => {
  const submitted = await submitMany(1000);
  expect(new Set(submitted.map(({ id }) => id)).size).toBe(1000);
  const found = await claimableTasks(farm.store.db, {
    queueClass: 'any@/+scratch',
    worker: newId<WorkerId>(),
    now: farm.store.clock(),
  }).execute();
  expect(found.map((task) => task.job_id)).toEqual(submitted.slice(0, 20).map(({ id }) => id));
});
