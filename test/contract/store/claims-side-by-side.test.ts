import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../../shared/db/store.ts';
import { claimTask } from '../../../shared/db/transactions/claim-task.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import type { ClaimAnswer } from '../../../shared/wire/workers.ts';
import { TestFarm } from '../../support/test-farm.ts';

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

/** The store, and how many transactions it was asked for. */
function counted(store: Store): { store: Store; transactions(): number } {
  let transactions = 0;
  const counting: Store = {
    ...store,
    transaction(work, first) {
      transactions += 1;
      return store.transaction(work, first);
    },
  };
  return { store: counting, transactions: () => transactions };
}

function taskOf(answer: ClaimAnswer): string | undefined {
  return 'task' in answer ? answer.task?.task_id : undefined;
}

test('claims of one moment take a task each, and none waits for a row that it will not get', async () => {
  const worker = await farm.worker('a');
  await farm.heartbeat(worker, []);
  for (let job = 0; job < 6; job += 1) await farm.submit();
  const { store, transactions } = counted(farm.store);
  const claim = () => {
    const body = { claim_id: newId<AttemptId>(), instance_id: worker.instance };
    return claimTask(store, { workerId: worker.id, body, rules: farm.rules });
  };
  const answers = await Promise.all([claim(), claim(), claim(), claim(), claim(), claim()]);
  expect(new Set(answers.map(taskOf)).size).toBe(6);
  expect(answers.map(taskOf)).not.toContain(undefined);
  expect(transactions()).toBe(6);
});

test('of more claims than tasks as many get one as there are', async () => {
  const worker = await farm.worker('a');
  await farm.heartbeat(worker, []);
  await farm.submit();
  const claim = () => farm.claimUnheard(worker);
  const answers = await Promise.all([claim(), claim(), claim()]);
  expect(answers.filter((answer) => taskOf(answer) !== undefined)).toHaveLength(1);
});
