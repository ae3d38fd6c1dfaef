import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadWhyFacts } from '../../../services/coordinator/why/why-facts.ts';
import { whyView } from '../../../services/coordinator/why/why-view.ts';
import type { Store } from '../../../shared/db/store.ts';
import { advanceIdleJobs } from '../../../shared/db/transactions/advance-idle-jobs.ts';
import { cancelJob } from '../../../shared/db/transactions/cancel-job.ts';
import { failUnservableTasks } from '../../../shared/db/transactions/fail-unservable-tasks.ts';
import { forgetWorker } from '../../../shared/db/transactions/forget-worker.ts';
import { markWorkersOffline } from '../../../shared/db/transactions/mark-workers-offline.ts';
import { planLeftJobsAnew } from '../../../shared/db/transactions/plan-left-jobs-anew.ts';
import type { JobId } from '../../../shared/job/ids.ts';
import type { EncodeOptions } from '../../../shared/job/profile.ts';
import { TestFarm, type TestWorker, testRequest } from '../../support/test-farm.ts';

const SOFTWARE = ['libx264', 'aac'];
const GPU = [...SOFTWARE, 'h264_nvenc'];

let farm: TestFarm;
let worker: TestWorker;
beforeEach(async () => {
  farm = await TestFarm.open();
  worker = await farm.worker('a', GPU);
});
afterEach(() => farm.close());

const asking = (encode: Partial<EncodeOptions>) => ({ encode: { ...testRequest().encode, ...encode } });
const PREFER = asking({ hardware: 'prefer' });
const why = async (id: JobId) => whyView(await loadWhyFacts(farm.store, await farm.job(id))).reason;
/** Kind, state and encoders of the tasks that count, one of each. */
async function plan(id: JobId): Promise<string[]> {
  const tasks = (await farm.tasks(id)).filter(({ ordinal }) => ordinal >= 0);
  return [...new Set(tasks.map((task) => `${task.kind} ${task.state} ${task.class.split('@')[0]}`))].sort();
}

test('a job that prefers hardware has all its segments in one family of encoders', async () => {
  const id = await farm.probed(worker, PREFER);
  expect(await plan(id)).toEqual([
    'assemble blocked any',
    'audio pending aac',
    'probe completed any',
    'segment pending h264_nvenc',
  ]);
});

test('hardware that fails brings the job to software as a whole, and no retry is charged', async () => {
  const id = await farm.probed(worker, PREFER);
  const [failing, running] = [await farm.claim(worker), await farm.claim(worker)];
  await farm.done(await farm.claim(worker));
  await farm.heartbeat(worker, [failing, running]);
  expect(await farm.fails(failing, 'hardware_failed')).toBe('recorded');
  expect(await plan(id)).toContain('segment pending libx264');
  expect((await farm.tasks(id)).filter((task) => task.ordinal >= 0).map((task) => task.failures)).not.toContain(1);
  expect((await farm.heartbeat(worker, [running])).cancel).toEqual([running.token]);
  expect(await farm.report(running, { outcome: 'canceled' })).toBe('recorded');
  expect(await why(id)).toContain(
    'It was planned again: hardware failed, and software makes the whole file: as the test',
  );
  expect(await farm.job(id)).toMatchObject({ state: 'running', completed_tasks: 1, open_tasks: 7, total_tasks: 9 });
  const failed = await farm.store.db.selectFrom('events').select('data').where('event', '=', 'task.failed').execute();
  expect(failed.map(({ data }) => data)).toEqual([expect.stringContaining('hardware failed, and software makes')]);
});

test('what was planned in software after hardware failed runs to its end', async () => {
  const id = await farm.probed(worker, PREFER);
  await farm.done(await farm.claim(worker));
  await farm.fails(await farm.claim(worker), 'hardware_failed');
  for (let task = await farm.tryClaim(worker); task?.kind !== 'assemble'; task = await farm.tryClaim(worker)) {
    if (task === null) throw new Error('there is nothing left to claim');
    expect(task.spec).not.toMatchObject({ settings: { encoder: 'h264_nvenc' } });
    if (task.ordinal === 5) expect(await farm.done(task)).toBe('recorded');
    else await farm.done(task);
  }
  const [assemble] = (await farm.tasks(id, 'assemble')).filter(({ ordinal }) => ordinal === 0);
  const { segments, expect: expected } = JSON.parse(assemble?.spec ?? '{}');
  expect(segments.map(({ ordinal }: { ordinal: number }) => ordinal)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(expected).toMatchObject({ frames: 1800 });
});

test('the second plan is the last: whoever says that hardware failed in it is tried again like any other', async () => {
  const id = await farm.probed(worker, PREFER);
  await farm.fails(await farm.claim(worker), 'hardware_failed');
  const again = await farm.claim(worker);
  await farm.fails(again, 'hardware_failed');
  expect(await farm.task(again)).toMatchObject({ state: 'pending', failures: 1 });
  expect((await farm.tasks(id)).filter(({ state }) => state === 'failed')).toHaveLength(1);
});

test('a whole file in hardware falls back as well', async () => {
  const id = await farm.probed(worker, { ...PREFER, segment: { mode: 'off' } });
  const task = await farm.claim(worker);
  await farm.heartbeat(worker, [task]);
  await farm.fails(task, 'hardware_failed');
  expect(await plan(id)).toEqual(['probe completed any', 'transcode pending aac+libx264']);
  const again = await farm.claim(worker);
  await farm.commit(again);
  await farm.done(again);
  expect((await farm.job(id)).state).toBe('completed');
});

test('what is left of the plan before counts in a cancel', async () => {
  const id = await farm.probed(worker, PREFER);
  const [failing, running] = [await farm.claim(worker), await farm.claim(worker)];
  await farm.fails(failing, 'hardware_failed');
  await cancelJob(farm.store, id);
  expect((await farm.job(id)).state).toBe('canceling');
  await farm.report(running, { outcome: 'canceled' });
  expect((await farm.job(id)).state).toBe('canceled');
});

test.each([
  ['insists on hardware', { hardware: 'require' as const }],
  ['names the encoder', { video_encoder: 'h264_nvenc' }],
])('a request that %s has its failures tried again like any other', async (_what, encode) => {
  const id = await farm.probed(worker, { ...asking(encode), retry_attempts: 1, retry_delay_seconds: 0 });
  const first = await farm.claim(worker);
  await farm.fails(first, 'hardware_failed');
  expect(await farm.task(first)).toMatchObject({ state: 'pending', failures: 1 });
  await farm.coordinatorsUpFor(1_000);
  await farm.fails(await farm.claim(worker), 'hardware_failed');
  expect((await farm.job(id)).error).toContain('"hardware_failed"');
});

test('without a software encoder in the farm there is nothing to fall back to', async () => {
  await farm.registers(worker, ['h264_nvenc', 'aac']);
  const id = await farm.probed(worker);
  expect(await plan(id)).toContain('segment pending h264_nvenc');
  const task = await farm.claim(worker);
  await farm.fails(task, 'hardware_failed');
  expect(await farm.task(task)).toMatchObject({ state: 'pending', failures: 1 });
});

test('nor is there where software is only hoped for, since it is still being tested', async () => {
  await farm.registers(worker, ['h264_nvenc', 'aac'], { proving: 'software' });
  await farm.probed(worker, PREFER);
  const task = await farm.claim(worker);
  await farm.fails(task, 'hardware_failed');
  expect(await farm.task(task)).toMatchObject({
    state: 'pending',
    class: expect.stringContaining('nvenc'),
    failures: 1,
  });
});

test('while workers still test their encoders, a job that prefers hardware waits for them', async () => {
  await farm.registers(worker, SOFTWARE, { proving: true });
  const id = await farm.probed(worker, PREFER);
  expect(await plan(id)).toEqual(['probe completed any']);
  expect(await why(id)).toContain('until the workers have tested their hardware');
  const { version } = await farm.job(id);
  expect(await advanceIdleJobs(farm.store)).toBe(0);
  expect(await plan(id)).toEqual(['probe completed any']);
  expect((await farm.job(id)).version).toBe(version);
  await farm.registers(worker, GPU);
  await advanceIdleJobs(farm.store);
  expect(await plan(id)).toContain('segment pending h264_nvenc');
});

test('it waits no longer once all hardware was tested', async () => {
  await farm.registers(worker, SOFTWARE, { proving: true });
  const id = await farm.probed(worker, PREFER);
  await farm.registers(worker, SOFTWARE, { proving: 'software' });
  await advanceIdleJobs(farm.store);
  expect(await plan(id)).toContain('segment pending libx264');
});

test('one that does not care for hardware does not wait', async () => {
  await farm.registers(worker, [], { proving: true });
  expect(await plan(await farm.probed(worker))).toContain('segment pending libx264');
});

const sweep = () => planLeftJobsAnew(farm.store, farm.rules);

/** Lets `worker` fall silent for so long, while another one is heard of. */
async function silence(other: TestWorker, ms: number): Promise<void> {
  await farm.coordinatorsUpFor(ms);
  await farm.heartbeat(other, []);
  await markWorkersOffline(farm.store, farm.rules);
}

async function quarantine(change: { proving: boolean }, encoders: readonly string[] = GPU): Promise<void> {
  await farm.registers(worker, encoders, change);
  await farm.store.db.updateTable('workers').set({ status: 'quarantined' }).where('id', '=', worker.id).execute();
}

test('a job whose encoders have left the fleet is planned again for those that are there', async () => {
  const other = await farm.worker('b', SOFTWARE);
  const id = await farm.probed(worker, PREFER);
  await farm.done(await farm.claim(worker));
  await silence(other, farm.rules.leftMs - 5_000);
  expect(await sweep()).toBe(0);
  expect(await plan(id)).toContain('segment pending h264_nvenc');
  await silence(other, 10_000);
  expect(await sweep()).toBe(1);
  expect(await plan(id)).toEqual([
    'assemble blocked any',
    'audio pending aac',
    'probe completed any',
    'segment pending libx264',
  ]);
  expect(await why(id)).toContain('It was planned again: no worker has h264_nvenc any more.');
  expect(await sweep()).toBe(0);
});

test('after an outage of all coordinators nobody has left until they could have been heard of', async () => {
  const other = await farm.worker('b', SOFTWARE);
  const id = await farm.probed(worker, PREFER);
  farm.clock.advance(2 * farm.rules.leftMs);
  await silence(other, 1_000);
  expect(await sweep()).toBe(0);
  await farm.heartbeat(worker, []);
  expect(await sweep()).toBe(0);
  expect(await plan(id)).toContain('segment pending h264_nvenc');
  farm.clock.advance(2 * farm.rules.leftMs);
  await silence(other, farm.rules.leftMs);
  expect(await sweep()).toBe(1);
});

test('a worker that was forgotten, or has its encoder no more, is not waited for', async () => {
  const other = await farm.worker('b', SOFTWARE);
  const first = await farm.probed(worker, PREFER);
  await farm.registers(worker, SOFTWARE);
  expect(await sweep()).toBe(1);
  expect(await plan(first)).toContain('segment pending libx264');
  await farm.registers(worker, GPU);
  const second = await farm.probed(worker, { ...PREFER, priority: 90 });
  await silence(other, farm.rules.offlineMs + 1_000);
  await forgetWorker(farm.store, worker.id);
  expect(await sweep()).toBe(1);
  expect(await plan(second)).toContain('segment pending libx264');
});

const RESTING = { resting: ['h264_nvenc'] };

test('for an encoder that rests after a failure the other jobs wait, until it is gone', async () => {
  await farm.worker('b', SOFTWARE);
  const id = await farm.probed(worker, PREFER);
  await farm.registers(worker, SOFTWARE, RESTING);
  expect(await sweep()).toBe(0);
  expect(await plan(id)).toContain('segment pending h264_nvenc');
  await farm.registers(worker, SOFTWARE);
  expect(await sweep()).toBe(1);
});

test('what rests is not claimed, and not planned for where software may do', async () => {
  await farm.registers(worker, SOFTWARE, RESTING);
  expect(await plan(await farm.probed(worker, PREFER))).toContain('segment pending libx264');
});

test('a job that insists on hardware, probed while it rests, waits for it', async () => {
  await farm.registers(worker, SOFTWARE, RESTING);
  const id = await farm.probed(worker, asking({ hardware: 'require' }));
  expect(await plan(id)).toContain('segment pending h264_nvenc');
  expect(await farm.claim(worker)).toMatchObject({ kind: 'audio' });
  expect(await farm.tryClaim(worker)).toBeNull();
});

test('on one machine too, a job waits for an encoder that rests', async () => {
  const id = await farm.probed(worker, asking({ hardware: 'require' }));
  await farm.registers(worker, SOFTWARE, RESTING);
  expect(await failUnservableTasks(farm.store, { ...farm.rules, failUnservable: true })).toBe(0);
  expect((await farm.job(id)).state).not.toBe('failed');
});

test('the other way round too: where software has left, hardware takes over, and may do so again and again', async () => {
  const id = await farm.probed(worker);
  for (const [encoders, taken] of [
    [['h264_nvenc', 'aac'], 'h264_nvenc'],
    [['h264_vaapi', 'aac'], 'h264_vaapi'],
    [SOFTWARE, 'libx264'],
  ] as const) {
    await farm.registers(worker, encoders);
    expect(await sweep()).toBe(1);
    expect(await plan(id)).toContain(`segment pending ${taken}`);
  }
});

test('hardware that had failed does not come back when a software encoder leaves', async () => {
  await farm.registers(worker, ['av1_nvenc', 'libsvtav1', 'libaom-av1', 'aac']);
  const id = await farm.probed(worker, asking({ video_codec: 'av1', hardware: 'prefer' }));
  await farm.fails(await farm.claim(worker), 'hardware_failed');
  expect(await plan(id)).toContain('segment pending libsvtav1');
  await farm.registers(worker, ['av1_nvenc', 'libaom-av1', 'aac']);
  expect(await sweep()).toBe(1);
  expect(await plan(id)).toContain('segment pending libaom-av1');
});

test('a source that one encoder after the other refuses fails in the end', async () => {
  const request = { ...asking({ hardware: 'require' }), retry_attempts: 1, retry_delay_seconds: 0 };
  const id = await farm.probed(worker, request);
  await farm.fails(await farm.claim(worker), 'hardware_failed');
  await farm.registers(worker, [...SOFTWARE, 'h264_vaapi']);
  expect(await sweep()).toBe(1);
  expect(await plan(id)).toContain('segment pending h264_vaapi');
  await farm.fails(await farm.claim(worker), 'hardware_failed');
  expect((await farm.job(id)).error).toContain('"hardware_failed"');
});

test('where no other plan would do, the job waits, and says for what', async () => {
  const id = await farm.probed(worker, asking({ hardware: 'require' }));
  await farm.registers(worker, SOFTWARE);
  expect(await sweep()).toBe(0);
  expect(await plan(id)).toContain('segment pending h264_nvenc');
  expect(await why(id)).toContain('has proved h264_nvenc');
});

test('a quarantined worker is waited for as long as it is heard of, but nothing new is planned for it', async () => {
  const other = await farm.worker('b', SOFTWARE);
  const id = await farm.probed(worker, PREFER);
  await quarantine({ proving: true });
  await silence(other, farm.rules.leftMs - 5_000);
  expect(await sweep()).toBe(0);
  expect(await plan(id)).toContain('segment pending h264_nvenc');
  expect(await plan(await farm.probed(other, { ...PREFER, priority: 90 }))).toContain('segment pending libx264');
  await silence(other, 10_000);
  expect(await sweep()).toBe(1);
  expect(await plan(id)).toContain('segment pending libx264');
});

test('one that died while testing, whatever its status, lets a machine say what it does not have', async () => {
  const other = await farm.worker('b', SOFTWARE);
  const id = await farm.probed(worker, asking({ hardware: 'require' }));
  await quarantine({ proving: true }, SOFTWARE);
  await silence(other, farm.rules.leftMs + 1_000);
  expect(await failUnservableTasks(farm.store, { ...farm.rules, failUnservable: true })).toBeGreaterThan(0);
  expect((await farm.job(id)).error).toContain('no working h264_nvenc');
});

test('however many jobs cannot be planned again, the others are', async () => {
  const REQUIRE = asking({ hardware: 'require' });
  for (let count = 0; count < 101; count += 1) await farm.probed(worker, { ...REQUIRE, priority: 100 + count });
  const id = await farm.probed(worker, { ...PREFER, priority: 1000 });
  await farm.store.db.updateTable('tasks').set({ priority: 0 }).where('job_id', '=', id).execute();
  await farm.registers(worker, SOFTWARE);
  expect(await sweep()).toBe(1);
});

test('however many jobs wait for tests, the others go on', async () => {
  await farm.registers(worker, SOFTWARE, { proving: true });
  for (let count = 0; count < 101; count += 1) await farm.probed(worker, { ...PREFER, priority: 100 + count });
  const id = await farm.probed(worker, { ...asking({ hardware: 'never' }), priority: 1000 });
  await farm.store.db.deleteFrom('tasks').where('job_id', '=', id).where('kind', '!=', 'probe').execute();
  await farm.store.db.updateTable('jobs').set({ stage: 'probe' }).where('id', '=', id).execute();
  expect(await advanceIdleJobs(farm.store)).toBe(1);
});

test('a worker that comes back in the very moment keeps its job as it is', async () => {
  const id = await farm.probed(worker, PREFER);
  await farm.registers(worker, SOFTWARE);
  const racing: Store = {
    ...farm.store,
    async transaction(work, first) {
      await farm.registers(worker, GPU);
      return farm.store.transaction(work, first);
    },
  };
  expect(await planLeftJobsAnew(racing, farm.rules)).toBe(0);
  expect(await plan(id)).toContain('segment pending h264_nvenc');
});

test('nothing is planned again while somebody is still testing', async () => {
  await farm.probed(worker, PREFER);
  await farm.registers(worker, SOFTWARE, { proving: true });
  expect(await sweep()).toBe(0);
});

test('on one machine a job is planned again rather than failed', async () => {
  const id = await farm.probed(worker, PREFER);
  await farm.registers(worker, SOFTWARE);
  expect(await failUnservableTasks(farm.store, { ...farm.rules, failUnservable: true })).toBe(0);
  expect((await farm.job(id)).state).not.toBe('failed');
  expect(await sweep()).toBe(1);
  expect(await failUnservableTasks(farm.store, { ...farm.rules, failUnservable: true })).toBe(0);
});
