import { afterEach, beforeEach, expect, test } from 'vitest';
import { jobsThatMayBeMet, judgeSubmissions, knownJobs } from '../../../shared/db/steps/judge-submissions.ts';
import type { Store } from '../../../shared/db/store.ts';
import { prepareSubmission } from '../../../shared/db/submission.ts';
import { submitJobs } from '../../../shared/db/transactions/submit-jobs.ts';
import { TestFarm, testRequest } from '../../support/test-farm.ts';

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

const jobCount = async () => (await farm.store.db.selectFrom('jobs').select('id').execute()).length;

test('the same key with the same request gives the same job', async () => {
  const submission = { request: testRequest(), idempotencyKey: 'key' };
  const [first] = await submitJobs(farm.store, [submission]);
  const [again] = await submitJobs(farm.store, [submission]);
  expect(again).toEqual({ id: first?.id, created: false });
  expect(await jobCount()).toBe(1);
});

test('two hundred repetitions at once make one job', async () => {
  const submission = { request: testRequest(), idempotencyKey: 'key' };
  const answers = await Promise.all(Array.from({ length: 200 }, () => submitJobs(farm.store, [submission])));
  expect(new Set(answers.flat().map(({ id }) => id)).size).toBe(1);
  expect(await jobCount()).toBe(1);
});

test.each([0, 1, 2])('a repetition is known when its job was committed before look %i of three', async (committed) => {
  const submission = { request: testRequest(), idempotencyKey: 'key' };
  const repetition = prepareSubmission(submission);
  const [made, keyed, reserved] = jobsThatMayBeMet(farm.store.db, [repetition]);
  const commitBefore = async (look: number) =>
    void (look === committed && (await submitJobs(farm.store, [submission])));
  await commitBefore(0);
  const byId = await made.execute();
  await commitBefore(1);
  const byKey = await keyed.execute();
  await commitBefore(2);
  const known = knownJobs([byId, byKey, await reserved.execute()]);
  expect(judgeSubmissions([repetition], known)).toMatchObject([{ is: 'known', mine: false }]);
});

test('the same key with another request is refused', async () => {
  await submitJobs(farm.store, [{ request: testRequest(), idempotencyKey: 'key' }]);
  const other = submitJobs(farm.store, [{ request: testRequest(), idempotencyKey: 'key' }]);
  await expect(other).rejects.toMatchObject({ code: 'idempotency_mismatch' });
});

test('an output is reserved until its job is final', async () => {
  const worker = await farm.worker('a');
  const id = await farm.submit({ output: '/media/one.mp4' });
  await expect(farm.submit({ output: '/media/one.mp4' })).rejects.toMatchObject({ code: 'output_in_use' });
  await farm.fails(await farm.claim(worker), 'input_missing', 'reject');
  expect((await farm.job(id)).state).toBe('failed');
  await expect(farm.submit({ output: '/media/one.mp4' })).resolves.toBeDefined();
});

test('a batch is taken whole or not at all, and says which job was refused', async () => {
  const taken = testRequest({ output: '/media/taken.mp4' });
  const batch = [testRequest(), taken, testRequest(), taken].map((request) => ({ request, idempotencyKey: null }));
  await expect(submitJobs(farm.store, batch)).rejects.toMatchObject({
    code: 'output_in_use',
    problems: [{ pointer: '/3' }],
  });
  expect(await jobCount()).toBe(0);
});

test('of submissions that share a transaction, a refused one takes no other with it', async () => {
  const taken = testRequest();
  await submitJobs(farm.store, [{ request: taken, idempotencyKey: null }]);
  const requests = [testRequest(), testRequest(), taken, testRequest(), testRequest()];
  const answers = await Promise.allSettled(
    requests.map((request) => submitJobs(farm.store, [{ request, idempotencyKey: null }])),
  );
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(await jobCount()).toBe(5);
});

test('of submissions that share a transaction, one that the database does not take fails alone', async () => {
  const impossible = { ...testRequest(), priority: Number.NaN };
  const requests = [testRequest(), testRequest(), impossible, testRequest()];
  const answers = await Promise.allSettled(
    requests.map((request) => submitJobs(farm.store, [{ request, idempotencyKey: null }])),
  );
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});

test('a transaction that hangs does not hold up those that come after it', async () => {
  const { store } = farm;
  const held = Promise.withResolvers<void>();
  let begun = 0;
  const hanging: Store = {
    ...store,
    async transaction(work, first) {
      begun += 1;
      if (begun === 1) await held.promise;
      return store.transaction(work, first);
    },
  };
  const stuck = submitJobs(hanging, [{ request: testRequest(), idempotencyKey: null }]);
  const passing = await submitJobs(hanging, [{ request: testRequest(), idempotencyKey: null }]);
  held.resolve();
  expect([...passing, ...(await stuck)].map(({ created }) => created)).toEqual([true, true]);
});

test('two jobs of one batch cannot want the same output or key', async () => {
  const request = testRequest();
  const twice = [null, 'a', 'b'].map((idempotencyKey) => ({ request, idempotencyKey }));
  await expect(submitJobs(farm.store, twice)).rejects.toMatchObject({
    code: 'output_in_use',
    problems: [{ pointer: '/1' }],
  });
  const sameKey = [testRequest(), testRequest()].map((request) => ({ request, idempotencyKey: 'key' }));
  await expect(submitJobs(farm.store, sameKey)).rejects.toMatchObject({ code: 'idempotency_mismatch' });
  expect(await jobCount()).toBe(0);
});

test('a new job is answered as it was written', async () => {
  const [submitted] = await submitJobs(farm.store, [{ request: testRequest(), idempotencyKey: 'key' }]);
  expect(submitted?.job).toEqual(await farm.job(submitted?.id as never));
  expect(await farm.events(submitted?.id as never)).toEqual(['job.created', 'task.pending']);
});
