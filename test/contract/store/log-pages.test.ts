import { afterEach, beforeEach, expect, test } from 'vitest';
import { COMMIT_LAG_MS } from '../../../services/coordinator/events/lagging-cursor.ts';
import { loadLogPage } from '../../../services/coordinator/http/load-log-page.ts';
import { appendLogLines } from '../../../shared/db/transactions/append-log-lines.ts';
import type { AttemptId, JobId } from '../../../shared/job/ids.ts';
import type { ClaimedTask } from '../../../shared/wire/workers.ts';
import { TestFarm, type TestWorker } from '../../support/test-farm.ts';

let farm: TestFarm;
let worker: TestWorker;
let task: ClaimedTask;
let jobId: JobId;
let written: number;
beforeEach(async () => {
  farm = await TestFarm.open();
  worker = await farm.worker('a');
  jobId = await farm.submit();
  task = await farm.claim(worker);
  written = 0;
});
afterEach(() => farm.close());

/** By the worker's clock, which is years behind: what counts is when lines were kept. */
const AT = '2001-01-01T00:00:00.000Z';

async function write(...texts: string[]): Promise<void> {
  const lines = texts.map((text) => ({ stream: 'stderr' as const, text, at: AT }));
  await appendLogLines(farm.store, task.token as AttemptId, { first_line: written + 1, lines });
  written += texts.length;
}

async function page(after = 0, limit = 100) {
  const store = { ...farm.store, positionsAreOrdered: false };
  const { lines, next } = await loadLogPage(store, await farm.job(jobId), { after, limit });
  return { texts: lines.map(({ text }) => text), next };
}

test('a page ends where a line may still appear in between, and the next one goes on there', async () => {
  await write('one', 'two');
  farm.clock.advance(COMMIT_LAG_MS + 1);
  await write('three');
  expect(await page(0, 1)).toMatchObject({ texts: ['one'] });
  const first = await page();
  expect(first.texts).toEqual(['one', 'two']);
  expect(await page(first.next)).toEqual({ texts: [], next: first.next });
  farm.clock.advance(COMMIT_LAG_MS + 1);
  expect((await page(first.next)).texts).toEqual(['three']);
});

test('a line that appears below others that were there before is on a page all the same', async () => {
  await write('late', 'early');
  const { db } = farm.store;
  const late = await db.selectFrom('log_lines').selectAll().where('text', '=', 'late').executeTakeFirstOrThrow();
  await db.deleteFrom('log_lines').where('seq', '=', late.seq).execute(); // it is not committed yet
  const { texts, next } = await page();
  await db.insertInto('log_lines').values(late).execute();
  farm.clock.advance(COMMIT_LAG_MS + 1);
  expect([...texts, ...(await page(next)).texts]).toEqual(['late', 'early']);
});

test('the log of a job that has ended is there as a whole at once', async () => {
  await write('one');
  expect((await page()).texts).toEqual([]);
  await farm.fails(task, 'input_missing', 'reject');
  expect((await page()).texts).toEqual(['one']);
});

test('lines from before it was noted when they were kept are shown', async () => {
  await write('one');
  await farm.store.db.updateTable('log_lines').set({ kept_at: null }).execute();
  expect((await page()).texts).toEqual(['one']);
});

test('where lines appear in order, a page holds all that are there', async () => {
  await write('one');
  const store = { ...farm.store, positionsAreOrdered: true };
  expect((await loadLogPage(store, await farm.job(jobId), { after: 0, limit: 10 })).lines).toHaveLength(1);
});
