import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadWhyFacts } from '../../../services/coordinator/why/why-facts.ts';
import { whyView } from '../../../services/coordinator/why/why-view.ts';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import { TestFarm, type TestWorker } from '../../support/test-farm.ts';

let farm: TestFarm;
let worker: TestWorker;
beforeEach(async () => {
  farm = await TestFarm.open();
  worker = await farm.worker('a');
});
afterEach(() => farm.close());

test('a job that ends while it is looked at is explained as ended', async () => {
  const { id, task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  const before = await farm.job(id);
  await farm.done(task);
  expect(whyView(await loadWhyFacts(farm.store, before))).toMatchObject({
    state: 'completed',
    reason: expect.stringMatching(/^The file was verified and published\./),
  });
});

test('a job whose cancel is confirmed while it is looked at has no task that is being ended', async () => {
  const { id, task } = await farm.readyToCommit(worker);
  await cancelJob(farm.store, id);
  const before = await farm.job(id);
  expect(whyView(await loadWhyFacts(farm.store, before)).reason).toMatch(/1 task is being ended/);
  await farm.report(task, { outcome: 'canceled' });
  expect(whyView(await loadWhyFacts(farm.store, before)).reason).toMatch(/^It was canceled\./);
});

test('nothing waits of a job that is seen to have ended after its tasks were read', async () => {
  const id = await farm.submit();
  const facts = await loadWhyFacts(farm.store, await farm.job(id));
  expect(whyView(facts).waiting).toHaveLength(1);
  await cancelJob(farm.store, id);
  expect(whyView({ ...facts, job: await farm.job(id) })).toMatchObject({ state: 'canceled', waiting: [] });
});
