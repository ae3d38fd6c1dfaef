import { afterEach, beforeEach, expect, test } from 'vitest';
import { changeJob } from '../../../shared/db/transactions/change-job.ts';
import { claimTask } from '../../../shared/db/transactions/claim-task.ts';
import { drainWorker } from '../../../shared/db/transactions/drain-worker.ts';
import { markWorkersOffline } from '../../../shared/db/transactions/mark-workers-offline.ts';
import { resumeWorker } from '../../../shared/db/transactions/resume-worker.ts';
import { type AttemptId, newId, type WorkerId } from '../../../shared/job/ids.ts';
import { TestFarm } from '../../support/test-farm.ts';

let farm: TestFarm;
beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

test('a claim takes the job of the highest priority, then the oldest', async () => {
  const worker = await farm.worker('a');
  const [first, urgent, second] = [await farm.submit(), await farm.submit({ priority: 90 }), await farm.submit()];
  const order = [await farm.claim(worker), await farm.claim(worker), await farm.claim(worker)];
  expect(order.map((task) => task.job_id)).toEqual([urgent, first, second]);
});

test('a priority changed after submission counts from the next claim on', async () => {
  const worker = await farm.worker('a');
  await farm.submit();
  const late = await farm.submit();
  await changeJob(farm.store, late, { priority: 99 });
  expect((await farm.claim(worker)).job_id).toBe(late);
});

test('the longest segment of a job is claimed first', async () => {
  const worker = await farm.worker('a');
  const job = await farm.probed(worker);
  const segments = await farm.tasks(job, 'segment');
  const longest = Math.max(...segments.map((task) => task.weight));
  const first = await farm.claim(worker);
  expect((await farm.task(first)).weight).toBe(longest);
});

test('a repeated claim gives the same attempt and takes no second task', async () => {
  const worker = await farm.worker('a');
  await farm.submit();
  await farm.submit();
  const claimId = newId<AttemptId>();
  const first = await farm.tryClaim(worker, claimId);
  const again = await claimTask(farm.store, {
    workerId: worker.id,
    body: { claim_id: claimId, instance_id: worker.instance },
    rules: farm.rules,
  });
  expect(again).toMatchObject({ task: { token: claimId, task_id: first?.task_id, attempt: 1 } });
  expect(await farm.store.db.selectFrom('attempts').selectAll().execute()).toHaveLength(1);
});

test('the attempt number rises at the claim and the token is the worker’s', async () => {
  const worker = await farm.worker('a');
  await farm.submit();
  const claimId = newId<AttemptId>();
  const task = await farm.tryClaim(worker, claimId);
  expect(task).toMatchObject({ attempt: 1, token: claimId });
});

test('a worker without the encoder is not given the task', async () => {
  const able = await farm.worker('able');
  const unable = await farm.worker('unable', ['aac']);
  await farm.probed(able, { segment: { mode: 'off' } });
  expect(await farm.tryClaim(unable)).toBeNull();
  expect(await farm.tryClaim(able)).toMatchObject({ kind: 'transcode' });
});

test('a draining worker is given nothing until it is resumed', async () => {
  const worker = await farm.worker('a');
  await farm.submit();
  await drainWorker(farm.store, worker.id);
  expect(await farm.tryClaim(worker)).toBeNull();
  await resumeWorker(farm.store, worker.id);
  expect(await farm.tryClaim(worker)).not.toBeNull();
});

test('a task that failed on one worker is offered to the others first, for half a minute', async () => {
  const [bad, other] = [await farm.worker('bad'), await farm.worker('other')];
  await farm.submit({ retry_delay_seconds: 0 });
  await farm.fails(await farm.claim(bad), 'ffmpeg_failed');
  expect(await farm.tryClaim(bad)).toBeNull();
  await farm.heartbeat(other, []);
  farm.clock.advance(30_001);
  expect(await farm.tryClaim(bad)).not.toBeNull();
});

test('the only worker of a farm tries again at once what it failed', async () => {
  const only = await farm.worker('only');
  await farm.submit({ retry_delay_seconds: 0 });
  await farm.fails(await farm.claim(only), 'ffmpeg_failed');
  expect(await farm.tryClaim(only)).not.toBeNull();
});

test('a worker that is not known is told so', async () => {
  const claim = {
    workerId: newId<WorkerId>(),
    body: { claim_id: newId<AttemptId>(), instance_id: newId<never>() },
    rules: farm.rules,
  };
  await expect(claimTask(farm.store, claim)).rejects.toMatchObject({ code: 'unknown_worker' });
});

test('a former instance of a worker can claim nothing more', async () => {
  const former = await farm.worker('a');
  await farm.worker('a', ['libx264'], former);
  await farm.submit();
  await expect(farm.tryClaim(former)).rejects.toMatchObject({ code: 'name_in_use' });
});

test('a second live worker of the same name is refused', async () => {
  await farm.worker('a');
  await expect(farm.worker('a')).rejects.toMatchObject({ code: 'name_in_use' });
  farm.clock.advance(farm.rules.offlineMs + 1);
  await expect(farm.worker('a')).resolves.toMatchObject({ name: 'a' });
});

test('with affinity the worker that probed does the rest, while it is online', async () => {
  const [prober, other] = [await farm.worker('prober'), await farm.worker('other')];
  await farm.probed(prober, { affinity: 'same_worker' });
  expect(await farm.tryClaim(other)).toBeNull();
  expect(await farm.tryClaim(prober)).not.toBeNull();
  farm.clock.advance(farm.rules.offlineMs + 1);
  await farm.heartbeat(other, []);
  await markWorkersOffline(farm.store, farm.rules);
  expect(await farm.tryClaim(other)).not.toBeNull();
});

test('the same claim sent twice at the same moment takes one task', async () => {
  const worker = await farm.worker('a');
  await farm.submit();
  await farm.submit();
  const body = { claim_id: newId<AttemptId>(), instance_id: worker.instance };
  const claim = () => claimTask(farm.store, { workerId: worker.id, body, rules: farm.rules });
  const answers = await Promise.all([claim(), claim()]);
  for (const answer of [...answers, await claim()])
    expect(answer).toMatchObject({ task: { token: body.claim_id, attempt: 1 } });
  expect(await farm.store.db.selectFrom('attempts').selectAll().execute()).toHaveLength(1);
});

test('a claim that is repeated after its attempt has ended is told to come again', async () => {
  const worker = await farm.worker('a');
  await farm.submit();
  const task = await farm.claim(worker);
  await farm.report(task, { outcome: 'interrupted', counted: false });
  const body = { claim_id: task.token as AttemptId, instance_id: worker.instance };
  expect(await claimTask(farm.store, { workerId: worker.id, body, rules: farm.rules })).toEqual({ again: true });
});

test('a claim for a class that the worker has not proved gets nothing', async () => {
  const able = await farm.worker('able');
  await farm.probed(able, { segment: { mode: 'off' } });
  const unable = await farm.worker('unable', ['aac']);
  const body = { claim_id: newId<AttemptId>(), instance_id: unable.instance };
  const claim = (name: string) =>
    claimTask(farm.store, { workerId: unable.id, body: { ...body, class: name }, rules: farm.rules });
  const classes = await farm.store.db.selectFrom('tasks').select('class').where('state', '=', 'pending').execute();
  expect(await claim(classes[0]?.class ?? '')).toEqual({ task: null });
});

test('a worker that was not heard of for half a lease is given nothing, however long it has been waiting', async () => {
  const worker = await farm.worker('a');
  await farm.submit();
  farm.clock.advance(farm.rules.leaseMs / 2);
  expect(await farm.claimUnheard(worker)).toEqual({ task: null });
  await farm.heartbeat(worker, []);
  expect(await farm.claimUnheard(worker)).toMatchObject({ task: { kind: 'probe' } });
});

test('a task that failed on the worker it is bound to is not withheld from that one', async () => {
  const [prober] = [await farm.worker('prober'), await farm.worker('other')];
  await farm.probed(prober, { affinity: 'same_worker', segment: { mode: 'off' }, retry_delay_seconds: 0 });
  await farm.fails(await farm.claim(prober), 'ffmpeg_failed');
  expect(await farm.tryClaim(prober)).not.toBeNull();
});
