import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadWhyFacts } from '../../../services/coordinator/why/why-facts.ts';
import { whyView } from '../../../services/coordinator/why/why-view.ts';
import { findWorker } from '../../../shared/db/queries/find-worker.ts';
import { listSubscriptions } from '../../../shared/db/queries/list-subscriptions.ts';
import { claimTask } from '../../../shared/db/transactions/claim-task.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import type { Pool } from '../../../shared/job/pools.ts';
import { TestFarm, type TestWorker, testRequest } from '../../support/test-farm.ts';

const CLASS = 'h264_nvenc@/+scratch';

let farm: TestFarm;
let worker: TestWorker;
beforeEach(async () => {
  farm = await TestFarm.open();
  worker = await farm.worker('a', ['libx264', 'aac', 'h264_nvenc']);
});
afterEach(() => farm.close());

const inHardware = { encode: { ...testRequest().encode, hardware: 'prefer' as const } };

async function claim(pool: Pool) {
  const body = { claim_id: newId<AttemptId>(), instance_id: worker.instance, pool };
  return claimTask(farm.store, { workerId: worker.id, body, rules: farm.rules });
}

test('a claim for a slot of one pool gets no task of another', async () => {
  await farm.probed(worker, inHardware);
  expect(await claim('nvenc')).toMatchObject({ task: { kind: 'segment' } });
  expect(await claim('cpu')).toMatchObject({ task: { kind: 'audio' } });
  expect(await claim('cpu')).toEqual({ task: null });
  expect(await claim('vaapi')).toEqual({ task: null });
  expect(await claim('nvenc')).toMatchObject({ task: { kind: 'segment' } });
});

test('a worker is told which classes take slots of which pool', async () => {
  await farm.probed(worker, inHardware);
  const row = await findWorker(farm.store.db, worker.id);
  if (!row) throw new Error('the worker is gone');
  const { classes, pools } = await listSubscriptions(farm.store.db, row, 1);
  expect(classes).toContain(CLASS);
  expect(pools).toEqual({ [CLASS]: 'nvenc' });
});

test('why says which slots are taken, of the pool that counts', async () => {
  const id = await farm.probed(worker, inHardware);
  const reasonOf = async (kind: string) => {
    const { waiting } = whyView(await loadWhyFacts(farm.store, await farm.job(id)));
    return waiting.find((task) => task.kind === kind)?.workers[0]?.reason;
  };
  await claim('nvenc');
  expect(await reasonOf('segment')).toBe('may take it');
  await claim('nvenc');
  expect(await reasonOf('segment')).toBe('has no free slot of nvenc (2 of 2 in use)');
  expect(await reasonOf('audio')).toBe('may take it');
});
