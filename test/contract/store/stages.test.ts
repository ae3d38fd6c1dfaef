import { afterEach, beforeEach, expect, test } from 'vitest';
import type { JobRequest } from '../../../shared/job/job.ts';
import type { AssembleSpec, SegmentSpec } from '../../../shared/job/task.ts';
import type { ClaimedTask } from '../../../shared/wire/workers.ts';
import { onGalera } from '../../support/open-test-store.ts';
import { TestFarm, type TestWorker, testRequest } from '../../support/test-farm.ts';

let farm: TestFarm;
let worker: TestWorker;
beforeEach(async () => {
  farm = await TestFarm.open();
  worker = await farm.worker('a');
});
afterEach(() => farm.close());

/** Claims every task that can be claimed. */
async function claimAll(): Promise<ClaimedTask[]> {
  const claimed: ClaimedTask[] = [];
  for (let task = await farm.tryClaim(worker); task !== null; task = await farm.tryClaim(worker)) claimed.push(task);
  return claimed;
}

test('a probed file becomes segments, the sound, and a join that waits for them', async () => {
  const id = await farm.probed(worker);
  const states = (await farm.tasks(id)).map(({ kind, ordinal, state }) => `${kind} ${ordinal} ${state}`);
  expect(states).toEqual([
    'assemble 0 blocked',
    'audio 0 pending',
    'probe 0 completed',
    ...[0, 1, 2, 3, 4, 5].map((ordinal) => `segment ${ordinal} pending`),
  ]);
  expect(await farm.job(id)).toMatchObject({ stage: 'encode', open_tasks: 7, total_tasks: 9, completed_tasks: 1 });
});

test('the last report of a stage makes the next, exactly once, whoever repeats what', async () => {
  const id = await farm.probed(worker);
  const parts = await claimAll();
  for (const part of parts) await Promise.all([farm.done(part), farm.done(part)]);
  expect(await farm.job(id)).toMatchObject({ stage: 'assemble', open_tasks: 1, completed_tasks: 8 });
  const [join, ...others] = await claimAll();
  expect(others).toEqual([]);
  expect(join).toMatchObject({ kind: 'assemble' });
  const spec = join?.spec as AssembleSpec;
  expect(spec.segments.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(spec.rest?.path).toContain('rest.');
});

/** A request for an average bit rate. */
function averaging(): Partial<JobRequest> {
  const { encode } = testRequest();
  return { encode: { ...encode, crf: null, video_bitrate: 2_100_000 } };
}

test('with an average bit rate segments wait until all are measured, and each then has its share', async () => {
  const id = await farm.probed(worker, averaging());
  expect(await farm.job(id)).toMatchObject({ stage: 'measure', open_tasks: 7, total_tasks: 15 });
  const first = await claimAll();
  expect(first.map(({ kind }) => kind).sort()).toEqual(['audio', ...new Array(6).fill('measure')]);
  for (const task of first) await Promise.all([farm.done(task), farm.done(task)]);
  expect(await farm.job(id)).toMatchObject({ stage: 'encode', open_tasks: 6, completed_tasks: 8 });
  const segments = await claimAll();
  const shares = segments.map(({ ordinal, spec }) => [ordinal, (spec as SegmentSpec).rate?.share]);
  expect(Object.fromEntries(shares)).toEqual({
    ...{ 0: 600_000, 1: 1_200_000, 2: 1_800_000, 3: 2_400_000, 4: 3_000_000, 5: 3_600_000 },
  });
  for (const segment of segments) await farm.done(segment);
  expect(await farm.claim(worker)).toMatchObject({ kind: 'assemble' });
});

test('a segment that was lost keeps the share that it had', async () => {
  const id = await farm.probed(worker, averaging());
  for (const task of await claimAll()) await farm.done(task);
  for (const segment of await claimAll()) await farm.done(segment);
  const join = await farm.claim(worker);
  const lost = (join.spec as AssembleSpec).segments[2]?.file.path ?? '';
  const error = { code: 'part_lost', message: 'gone', fault: 'storage' } as const;
  await farm.report(join, { outcome: 'retry', error, lost_files: [lost] });
  expect(await farm.job(id)).toMatchObject({ stage: 'encode', open_tasks: 1 });
  expect(await farm.claim(worker)).toMatchObject({ kind: 'segment', ordinal: 2, spec: { rate: { share: 1_800_000 } } });
});

test('two reports at the same moment cannot both miss that they were the last', async () => {
  for (let round = 0; round < (onGalera ? 4 : 20); round += 1) {
    const id = await farm.probed(worker);
    await Promise.all((await claimAll()).map((part) => farm.done(part)));
    expect(await farm.job(id)).toMatchObject({ stage: 'assemble', open_tasks: 1 });
    const [join] = await claimAll();
    if (!join) throw new Error('there is no join');
    await farm.commit(join);
    await farm.done(join);
    expect((await farm.job(id)).state).toBe('completed');
  }
});

test('a failed segment alone is tried again, after a pause that doubles', async () => {
  const id = await farm.probed(worker);
  const [segment, ...others] = await claimAll();
  if (!segment) throw new Error('nothing to claim');
  await farm.fails(segment, 'ffmpeg_failed');
  expect(await farm.task(segment)).toMatchObject({ state: 'pending', failures: 1, token: null });
  expect(await farm.tryClaim(worker)).toBeNull();
  farm.clock.advance(5_001);
  const again = await farm.claim(worker);
  expect(again).toMatchObject({ task_id: segment.task_id, attempt: 2 });
  await farm.fails(again, 'ffmpeg_failed');
  const { not_before } = await farm.task(segment);
  expect((not_before ?? 0) - farm.clock.now()).toBeGreaterThanOrEqual(5_000);
  expect((not_before ?? 0) - farm.clock.now()).toBeLessThanOrEqual(10_000);
  for (const other of others) expect((await farm.task(other)).attempt).toBe(1);
  expect((await farm.job(id)).state).toBe('running');
});

test('the retry budget is the request’s, and the last error is the job’s', async () => {
  const id = await farm.submit({ retry_attempts: 2, retry_delay_seconds: 0 });
  for (const code of ['ffmpeg_failed', 'storage_failed', 'disk_full'] as const) {
    expect((await farm.job(id)).state).not.toBe('failed');
    await farm.fails(await farm.claim(worker), code);
  }
  const job = await farm.job(id);
  expect(job.state).toBe('failed');
  expect(JSON.parse(job.error ?? '{}')).toMatchObject({ code: 'disk_full', fault: 'storage' });
});

test('what trying again cannot help fails the job at once', async () => {
  const id = await farm.submit();
  await farm.fails(await farm.claim(worker), 'input_not_media', 'reject');
  const job = await farm.job(id);
  expect(job).toMatchObject({ state: 'failed', output_reservation: null });
  expect(JSON.parse(job.error ?? '{}')).toMatchObject({ code: 'input_not_media', fault: 'input' });
});

test('a join that does not come out as planned starts over as one task, with the reason', async () => {
  const id = await farm.probed(worker);
  for (const part of await claimAll()) await farm.done(part);
  await farm.fails(await farm.claim(worker), 'join_mismatch');
  const job = await farm.job(id);
  expect(job).toMatchObject({ state: 'running', whole: 1 });
  expect(job.unsplit_reason).not.toBeNull();
  const whole = await farm.claim(worker);
  expect(whole.kind).toBe('transcode');
  await farm.commit(whole);
  await farm.done(whole);
  expect((await farm.job(id)).state).toBe('completed');
});

test('a lost intermediate file reopens only the task that made it', async () => {
  const id = await farm.probed(worker);
  const parts = await claimAll();
  for (const part of parts) await farm.done(part);
  const join = await farm.claim(worker);
  const lost = (join.spec as AssembleSpec).segments[2]?.file.path ?? '';
  await farm.report(join, {
    outcome: 'retry',
    error: { code: 'part_lost', message: 'gone', fault: 'storage' },
    lost_files: [lost],
  });
  const [assemble] = await farm.tasks(id, 'assemble');
  expect(assemble).toMatchObject({ state: 'blocked', failures: 0 });
  expect(await farm.job(id)).toMatchObject({ stage: 'encode', open_tasks: 1, completed_tasks: 7 });
  const [again, ...others] = await claimAll();
  expect(others).toEqual([]);
  expect(again).toMatchObject({ kind: 'segment', ordinal: 2, attempt: 2 });
  if (again) await farm.done(again);
  expect((await farm.claim(worker)).kind).toBe('assemble');
});

test('events are numbered without a gap, in the order in which things happened', async () => {
  const id = await farm.probed(worker, { segment: { mode: 'off' } });
  const task = await farm.claim(worker);
  await farm.heartbeat(worker, [task]);
  await farm.commit(task);
  await farm.done(task);
  expect(await farm.events(id)).toEqual([
    'job.created',
    'task.pending',
    'job.assigned',
    'task.assigned',
    'job.running',
    'task.running',
    'task.completed',
    'task.pending',
    'task.assigned',
    'task.running',
    'task.completed',
    'job.completed',
  ]);
  const rows = await farm.store.db.selectFrom('events').select('seq').where('job_id', '=', id).orderBy('seq').execute();
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => index + 1));
});

test('only the join reopens what others made, and only files that somebody made', async () => {
  const id = await farm.probed(worker);
  const [made, segment] = [await farm.claim(worker), await farm.claim(worker)];
  await farm.done(made);
  const [done] = await farm.store.db
    .selectFrom('tasks')
    .select('result')
    .where('id', '=', made.task_id as never)
    .execute();
  const { path } = (JSON.parse(done?.result ?? '{}') as { file: { path: string } }).file;
  const error = { code: 'part_lost', message: 'gone', fault: 'storage' } as const;
  await farm.report(segment, { outcome: 'retry', error, lost_files: [path] });
  expect(await farm.task(made)).toMatchObject({ state: 'completed' });
  expect(await farm.task(segment)).toMatchObject({ state: 'pending', failures: 1 });
  farm.clock.advance(60_000);
  for (const part of await claimAll()) await farm.done(part);
  const join = await farm.claim(worker);
  await farm.report(join, { outcome: 'retry', error, lost_files: ['', '/media/in.mp4'] });
  expect(await farm.task(join)).toMatchObject({ state: 'pending', failures: 1 });
  expect(await farm.job(id)).toMatchObject({ stage: 'assemble', open_tasks: 1, completed_tasks: 8 });
});
