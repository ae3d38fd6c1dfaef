import type { Compilable } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { offerPublications } from '../../../shared/db/transactions/offer-publications.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import type { ClaimedTask } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { TestCoordinator } from '../../support/test-coordinator.ts';
import type { TestWorker } from '../../support/test-farm.ts';

let api: TestCoordinator;

beforeEach(async () => {
  api = await TestCoordinator.start();
});
afterEach(() => api.stop());

type Claimed = { task: ClaimedTask | null };

function wait(worker: TestWorker, fields: Record<string, unknown> = {}, signal?: AbortSignal): Promise<Claimed> {
  const body = JSON.stringify({
    claim_id: newId<AttemptId>(),
    instance_id: worker.instance,
    wait_seconds: 30,
    ...fields,
  });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, ...(signal && { signal }) };
  return api.fetch(`/v1/workers/${worker.id}/claim`, init).then((response) => response.json() as Promise<Claimed>);
}

/** How many claims wait: the service's own figure would need a counter that only this test reads. */
async function untilWaiting(looks: { calls: unknown[] }, count: number): Promise<void> {
  await eventually(() => expect(looks.calls.length).toBeGreaterThanOrEqual(count));
}

/** Counts the looks at the database that claims make: each asks once which classes there are. */
function countLooks() {
  const spy = vi.spyOn(api.farm.store, 'look');
  const asksForClasses = (query: Compilable<unknown>) => query.compile().sql.includes('from "task_classes"');
  return {
    get calls() {
      return spy.mock.calls.filter(([queries]) => queries.some(asksForClasses));
    },
  };
}

test('a waiting claim gets a task as soon as one is submitted', async () => {
  const looks = countLooks();
  const waiting = wait(await api.farm.worker('w'));
  await untilWaiting(looks, 1);
  const begun = performance.now();
  await api.submit();
  expect((await waiting).task).toMatchObject({ kind: 'probe' });
  expect(performance.now() - begun).toBeLessThan(900);
});

test('a retry is given out when it gets due, though no event says so', async () => {
  const worker = await api.farm.worker('w');
  await api.submit();
  await api.farm.fails(await api.farm.claim(worker), 'ffmpeg_killed');
  const looks = countLooks();
  const waiting = wait(worker);
  await untilWaiting(looks, 1);
  api.farm.clock.advance(60_000);
  await api.farm.heartbeat(worker, []);
  expect((await waiting).task).toMatchObject({ kind: 'probe', attempt: 2 });
});

test('one new task wakes one of many waiting claims, the longest waiting', async () => {
  const WORKERS = 40;
  const workers = await Promise.all(Array.from({ length: WORKERS }, (_, n) => api.farm.worker(`w${n}`)));
  const looks = countLooks();
  const first = wait(workers[0] as TestWorker);
  await untilWaiting(looks, 1);
  const others = workers.slice(1).map((worker) => wait(worker));
  await untilWaiting(looks, WORKERS);
  await api.submit();
  expect((await first).task).toMatchObject({ kind: 'probe' });
  await api.coordinator.stop();
  expect((await Promise.all(others)).every(({ task }) => task === null)).toBe(true);
  // Each looked once when it came, and the first once more when there was a task.
  expect(looks.calls.length).toBe(WORKERS + 1);
});

test('a task that the first worker may not have goes to the next one that waits', async () => {
  const [failed, other] = [await api.farm.worker('a'), await api.farm.worker('b')];
  await api.submit();
  await api.farm.fails(await api.farm.claim(failed), 'ffmpeg_killed');
  const looks = countLooks();
  const passedOver = wait(failed);
  await untilWaiting(looks, 1);
  const taking = wait(other);
  await untilWaiting(looks, 2);
  api.farm.clock.advance(10_000);
  for (const worker of [failed, other]) await api.farm.heartbeat(worker, []);
  expect((await taking).task).toMatchObject({ attempt: 2 });
  await api.coordinator.stop();
  expect((await passedOver).task).toBeNull();
});

test('a claim for a class waits for that class alone', async () => {
  const worker = await api.farm.worker('w');
  const looks = countLooks();
  const waiting = wait(worker, { class: 'libx264@/+scratch', wait_seconds: 2 });
  await untilWaiting(looks, 1);
  await api.submit();
  expect((await waiting).task).toBeNull();
  expect(looks.calls.length).toBe(1);
});

/** A committed file whose worker went silent before its report, on a storage of its own. */
async function abandonedPublication(): Promise<void> {
  const { farm } = api;
  const winner = await farm.worker('winner', ['libx264', 'aac'], null, ['far', 'scratch']);
  const { task } = await farm.readyToCommit(winner, { input: `\${far}/in.mp4`, output: `\${far}/out.mp4` });
  await farm.commit(task);
  await farm.coordinatorsUpFor(farm.rules.leaseMs + 1_000);
}

const offer = async () => expect(await offerPublications(api.farm.store, api.farm.rules)).toBe(1);

test('a publication that a waiting worker cannot finish costs it no look', async () => {
  await abandonedPublication();
  await offer();
  const worker = await api.farm.worker('w');
  const looks = countLooks();
  expect((await wait(worker, { wait_seconds: 2 })).task).toBeNull();
  expect(looks.calls.length).toBe(1);
});

test('a publication that is offered while a worker waits that has its storage is finished by that', async () => {
  await abandonedPublication();
  const worker = await api.farm.worker('near', [], null, ['far', 'scratch']);
  const looks = countLooks();
  const waiting = wait(worker);
  await untilWaiting(looks, 1);
  await offer();
  expect((await waiting).task).toMatchObject({ kind: 'transcode', attempt: 2 });
});

test('a client that goes away while it waits claims nothing', async () => {
  const worker = await api.farm.worker('w');
  const looks = countLooks();
  const controller = new AbortController();
  const waiting = wait(worker, {}, controller.signal);
  await untilWaiting(looks, 1);
  controller.abort();
  await expect(waiting).rejects.toThrow();
  await eventually(async () => {
    // The service has seen the connection close once its count of answered claims has risen.
    const page = await (await api.fetch('/metrics')).text();
    expect(page).toMatch(/route="\/workers\/:id\/claim"/);
  });
  await api.submit();
  expect(await wait(await api.farm.worker('other'))).toMatchObject({ task: { attempt: 1 } });
});

test('without a task the claim is answered when its time is up', async () => {
  expect(await wait(await api.farm.worker('w'), { wait_seconds: 0.05 })).toEqual({ task: null });
});

test('waiting claims are answered when the service ends', async () => {
  const looks = countLooks();
  const waiting = wait(await api.farm.worker('w'));
  await untilWaiting(looks, 1);
  await api.coordinator.stop();
  expect(await waiting).toEqual({ task: null });
});
