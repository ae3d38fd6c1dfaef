import { afterEach, beforeEach, expect, test } from 'vitest';
import { findWorker } from '../../../shared/db/queries/find-worker.ts';
import { renewLeases } from '../../../shared/db/transactions/renew-leases.ts';
import type { HeartbeatBody } from '../../../shared/wire/workers.ts';
import { TestFarm, type TestWorker } from '../../support/test-farm.ts';

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

const heartbeat = ({ id, instance }: TestWorker, status: HeartbeatBody['status']) =>
  renewLeases(farm.store, {
    workerId: id,
    body: { instance_id: instance, status, load: 0, tasks: [] },
    rules: farm.rules,
  });

const statusOf = async ({ id }: TestWorker) => (await findWorker(farm.store.db, id))?.status;

test('a worker that says that it ends is offline at once, and takes nothing more', async () => {
  const worker = await farm.worker('a');
  await farm.submit();
  await heartbeat(worker, 'offline');
  expect(await statusOf(worker)).toBe('offline');
  const events = await farm.store.db.selectFrom('events').select('event').where('worker_id', '=', worker.id).execute();
  expect(events.map(({ event }) => event)).toEqual(['worker.online', 'worker.offline']);
});

test('only this life of the worker can say so', async () => {
  const former = await farm.worker('a');
  const worker = await farm.worker('a', ['libx264'], former);
  await expect(heartbeat(former, 'offline')).rejects.toMatchObject({ code: 'name_in_use' });
  expect(await statusOf(worker)).toBe('online');
});

test('its name is free at once, also for a life that has not got its journal', async () => {
  const former = await farm.worker('a');
  await expect(farm.worker('a')).rejects.toMatchObject({ code: 'name_in_use' });
  await heartbeat(former, 'offline');
  const worker = await farm.worker('a');
  expect(worker.id).toBe(former.id);
  expect(await statusOf(worker)).toBe('online');
});

test('a drain and a quarantine outlast it', async () => {
  const drained = await farm.worker('a');
  const quarantined = await farm.worker('b');
  await farm.store.db.updateTable('workers').set({ drain: 1 }).where('id', '=', drained.id).execute();
  await farm.store.db.updateTable('workers').set({ status: 'quarantined' }).where('id', '=', quarantined.id).execute();
  await heartbeat(drained, 'offline');
  await heartbeat(quarantined, 'offline');
  expect([await statusOf(drained), await statusOf(quarantined)]).toEqual(['offline', 'quarantined']);
  expect(await statusOf(await farm.worker('a'))).toBe('draining');
});
