import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import { eventually } from '../../support/eventually.ts';
import { FakeBroker } from '../../support/fake-broker.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { openOutboxStore } from '../../support/open-outbox-store.ts';
import { readEvents } from '../../support/read-events.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestCoordinator } from '../../support/test-coordinator.ts';
import { TestFarm } from '../../support/test-farm.ts';

/** Two processes of one farm: each has a connection to the database and the broker of its own. */
async function twoCoordinators() {
  const file = join(await temporaryFolder(onTestFinished), 'ffmill.sqlite');
  const broker = new FakeBroker();
  const clock = createFakeClock();
  const open = () => openOutboxStore(clock, file);
  const [first, second] = [await TestFarm.open({}, { clock, open }), await TestFarm.open({}, { clock, open })];
  const pair = [await TestCoordinator.startOn(first, broker.connect())] as const;
  const other = await TestCoordinator.startOn(second, broker.connect());
  onTestFinished(async () => {
    await Promise.all([pair[0].stop(), other.stop()]);
  });
  return { one: pair[0], other, broker };
}

test('a stream on one tells what happens on the other, within moments and in order', async () => {
  const { one, other } = await twoCoordinators();
  const { id } = await one.submit();
  const controller = new AbortController();
  const response = await other.fetch(`/v1/jobs/${id}/events`, { signal: controller.signal });
  const events = readEvents(response.body);
  const next = async () => (await events.next()).value?.event;
  expect([await next(), await next()]).toEqual(['job.created', 'task.pending']);
  const begun = performance.now();
  await one.call('POST', `/v1/jobs/${id}/cancel`);
  expect([await next(), await next(), await next()]).toEqual(['task.canceled', 'job.canceled', undefined]);
  expect(performance.now() - begun).toBeLessThan(700);
  controller.abort();
});

test('a claim that waits on one gets what is submitted to the other, within moments', async () => {
  const { one, other } = await twoCoordinators();
  const worker = await other.farm.worker('w');
  const body = { claim_id: newId<AttemptId>(), instance_id: worker.instance, wait_seconds: 20 };
  const waiting = other.call<{ task: unknown }>('POST', `/v1/workers/${worker.id}/claim`, { body });
  await eventually(async () => expect((await other.fetch('/metrics')).status).toBe(200));
  const begun = performance.now();
  await one.submit();
  expect((await waiting).body.task).toMatchObject({ kind: 'probe' });
  expect(performance.now() - begun).toBeLessThan(700);
});

test('a log is followed on one while the lines come in on the other', async () => {
  const { one, other } = await twoCoordinators();
  const worker = await one.farm.worker('w');
  const { id } = await one.submit();
  const probe = await one.farm.claim(worker);
  const response = await other.fetch(`/v1/jobs/${id}/logs?follow=true`);
  const write = (text: string, first_line: number) =>
    one.call('POST', `/v1/attempts/${probe.token}/logs`, {
      body: { first_line, lines: [{ stream: 'stderr', text, at: '2026-01-01T00:00:01.000Z' }] },
    });
  expect((await write('first', 1)).status).toBe(204);
  expect((await write('second', 2)).status).toBe(204);
  await one.farm.fails(probe, 'input_missing', 'reject');
  const lines = (await response.text()).trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(['first', 'second']);
});
