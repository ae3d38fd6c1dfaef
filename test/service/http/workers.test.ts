import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AttemptId, type InstanceId, newId } from '../../../shared/job/ids.ts';
import type { ClaimedTask, HeartbeatAnswer, RegisterAnswer, WorkerView } from '../../../shared/wire/workers.ts';
import { TestCoordinator } from '../../support/test-coordinator.ts';
import { type TestWorker, testFile } from '../../support/test-farm.ts';

let api: TestCoordinator;

beforeEach(async () => {
  api = await TestCoordinator.start();
});
afterEach(() => api.stop());

type Claimed = { task?: ClaimedTask | null; again?: true };

const NOBODY = '01890000-0000-7000-8000-000000000000';

const claim = async (worker: TestWorker, fields: Record<string, unknown> = {}) => {
  const body = { claim_id: newId<AttemptId>(), instance_id: worker.instance, ...fields };
  return (await api.call<Claimed>('POST', `/v1/workers/${worker.id}/claim`, { body })).body;
};

describe('registering', () => {
  const body = { name: 'blue', instance_id: newId<InstanceId>(), cpu_threads: 2, pools: { cpu: 4 } };

  test('a new worker is made known, a known one told the same id', async () => {
    const first = await api.call<RegisterAnswer>('POST', '/v1/workers/register', { body });
    expect([first.status, first.body.lease_seconds, first.body.heartbeat_seconds]).toEqual([201, 10, 2]);
    const second = await api.call<RegisterAnswer>('POST', '/v1/workers/register', { body });
    expect([second.status, second.body.id]).toEqual([200, first.body.id]);
    const { body: page } = await api.call<{ workers: WorkerView[]; count: number }>('GET', '/v1/workers');
    expect(page).toMatchObject({
      count: 1,
      workers: [{ name: 'blue', status: 'online', max_concurrent: 4, active_tasks: 0 }],
    });
  });

  test('a name that a live worker has is refused', async () => {
    await api.call('POST', '/v1/workers/register', { body });
    const twin = { ...body, instance_id: newId<InstanceId>() };
    expect(await api.refused('POST', '/v1/workers/register', { body: twin })).toMatchObject({
      status: 409,
      code: 'name_in_use',
    });
  });

  test('unknown fields are refused', async () => {
    expect(await api.refused('POST', '/v1/workers/register', { body: { ...body, cores: 3 } })).toMatchObject({
      errors: [{ pointer: '/cores' }],
    });
  });
});

describe('one worker', () => {
  test('is drained, takes nothing, is resumed, and forgotten', async () => {
    const worker = await api.farm.worker('w');
    await api.submit();
    const drained = await api.call('POST', `/v1/workers/${worker.id}/drain`);
    expect([drained.status, drained.body.status]).toEqual([200, 'draining']);
    expect(await claim(worker)).toEqual({ task: null });
    expect((await api.call('POST', `/v1/workers/${worker.id}/resume`)).body.status).toBe('online');
    expect(await claim(worker)).toMatchObject({ task: { kind: 'probe' } });
    expect((await api.call('GET', `/v1/workers/${worker.id}`)).body).toMatchObject({ active_tasks: 1 });
    expect(await api.refused('DELETE', `/v1/workers/${worker.id}`)).toMatchObject({ status: 409, code: 'wrong_state' });
    const idle = await api.farm.worker('idle');
    expect((await api.call('DELETE', `/v1/workers/${idle.id}`)).status).toBe(204);
    expect(await api.refused('GET', `/v1/workers/${idle.id}`)).toMatchObject({ status: 404, code: 'unknown_worker' });
  });

  test.each([NOBODY, 'x'])('that nobody registered (%s) is told so, whatever it asks', async (id) => {
    const instance_id = newId<InstanceId>();
    const calls = [
      ['GET', '', undefined],
      ['DELETE', '', undefined],
      ['POST', '/drain', undefined],
      ['POST', '/resume', undefined],
      ['POST', '/heartbeat', { instance_id, status: 'online', tasks: [] }],
      ['POST', '/claim', { claim_id: newId<AttemptId>(), instance_id }],
    ] as const;
    for (const [method, rest, body] of calls) {
      const problem = await api.refused(method, `/v1/workers/${id}${rest}`, { body });
      expect(problem).toMatchObject({ status: 404, code: 'unknown_worker' });
    }
  });

  test('its heartbeat learns what to end and what was lost', async () => {
    const worker = await api.farm.worker('w');
    const { id } = await api.submit();
    const probe = await api.farm.claim(worker);
    const entry = { task_id: probe.task_id, attempt: 1, token: probe.token, progress: 0.5 };
    const beat = async (token: string) => {
      const body = { instance_id: worker.instance, status: 'online', tasks: [{ ...entry, token }] };
      return (await api.call<HeartbeatAnswer>('POST', `/v1/workers/${worker.id}/heartbeat`, { body })).body;
    };
    expect(await beat(probe.token)).toMatchObject({ cancel: [], lost: [], drain: false });
    await api.call('POST', `/v1/jobs/${id}/cancel`);
    expect(await beat(probe.token)).toMatchObject({ cancel: [probe.token], lost: [] });
    expect(await beat(NOBODY)).toMatchObject({ cancel: [], lost: [NOBODY] });
  });

  test('repeating a claim gives the same task', async () => {
    const worker = await api.farm.worker('w');
    await api.submit();
    const claim_id = newId<AttemptId>();
    const first = await claim(worker, { claim_id });
    expect(first.task?.token).toBe(claim_id);
    expect(await claim(worker, { claim_id })).toEqual(first);
    expect(await claim(worker)).toEqual({ task: null });
  });
});

describe('an attempt', () => {
  const attempt = (id: string, call: string) => `/v1/attempts/${id}/${call}`;

  test('commits and reports, and may repeat both', async () => {
    const { task } = await api.farm.readyToCommit(await api.farm.worker('w'));
    const body = { file: testFile(task.token) };
    for (const _ of [1, 2]) expect((await api.call('POST', attempt(task.token, 'commit'), { body })).status).toBe(204);
    const report = { outcome: 'done', result: testFile(task.token) };
    for (const _ of [1, 2])
      expect((await api.call('POST', attempt(task.token, 'report'), { body: report })).status).toBe(204);
  });

  test('that owns nothing is fenced, also when nobody knows it', async () => {
    for (const id of [NOBODY, 'x']) {
      const commit = await api.refused('POST', attempt(id, 'commit'), { body: { file: testFile(id) } });
      const report = await api.refused('POST', attempt(id, 'report'), { body: { outcome: 'done' } });
      expect([commit, report]).toMatchObject([
        { status: 409, code: 'fenced' },
        { status: 409, code: 'fenced' },
      ]);
    }
  });

  test('that is over is named when its files are asked about', async () => {
    const worker = await api.farm.worker('w');
    await api.submit();
    const probe = await api.farm.claim(worker);
    const asked = { body: { attempts: [probe.token, NOBODY] } };
    expect((await api.call('POST', '/v1/attempts/ended', asked)).body).toEqual({ ended: [] });
    await api.farm.fails(probe, 'ffmpeg_killed');
    expect((await api.call('POST', '/v1/attempts/ended', asked)).body).toEqual({ ended: [probe.token] });
  });
});
