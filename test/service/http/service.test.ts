import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { startCoordinator } from '../../../services/coordinator/start.ts';
import { PROFILES } from '../../../shared/job/profile.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import { eventually } from '../../support/eventually.ts';
import { openTestStore } from '../../support/open-test-store.ts';
import { TestCoordinator } from '../../support/test-coordinator.ts';
import { TestFarm } from '../../support/test-farm.ts';

let api: TestCoordinator;

beforeEach(async () => {
  api = await TestCoordinator.start();
});
afterEach(() => api.stop());

test('the service is alive, and ready while it can write', async () => {
  expect((await api.call('GET', '/health')).body).toEqual({ status: 'ok' });
  expect((await api.call('GET', '/ready')).body).toEqual({ status: 'ready' });
});

test('it is alive but not ready when the database cannot be written', async () => {
  vi.spyOn(api.farm.store, 'transaction').mockRejectedValue(new Error('disk I/O error'));
  expect((await api.call('GET', '/health')).status).toBe(200);
  expect(await api.refused('GET', '/ready')).toMatchObject({
    status: 503,
    code: 'unavailable',
    detail: 'the database cannot be written: disk I/O error',
  });
});

test('what goes wrong inside stays inside: the answer names the request in the log', async () => {
  vi.spyOn(api.farm.store, 'transaction').mockRejectedValue(new Error('secret detail'));
  const problem = await api.refused('POST', '/v1/jobs', { body: { input: '/in.mkv', output: '/out.mkv' } });
  expect(problem).toMatchObject({ status: 500, code: 'internal' });
  expect(JSON.stringify(problem)).not.toMatch('secret');
});

test('the profiles are those that ship', async () => {
  expect((await api.call('GET', '/v1/profiles')).body).toEqual({ profiles: PROFILES });
});

test('metrics count jobs, tasks, workers, requests and claims', async () => {
  const worker = await api.farm.worker('w');
  await api.submit({ output: '/a.mp4' });
  await api.submit({ output: '/b.mp4' });
  const body = { claim_id: '01890000-0000-7000-8000-000000000001', instance_id: worker.instance };
  await api.call('POST', `/v1/workers/${worker.id}/claim`, { body });
  await api.refused('GET', '/v1/jobs/9');
  await eventually(async () => {
    const page = await (await api.fetch('/metrics')).text();
    for (const line of [
      'ffmill_jobs{state="assigned"} 1',
      'ffmill_jobs{state="pending"} 1',
      'ffmill_tasks{state="pending",class="any@/+scratch"} 1',
      'ffmill_workers{status="online"} 1',
      'ffmill_http_requests_total{method="POST",route="/jobs",status="201"} 2',
      'ffmill_http_requests_total{method="GET",route="/jobs/:id",status="404"} 1',
      'ffmill_claims_total{answer="task"} 1',
      'ffmill_http_request_duration_seconds_count{method="POST",route="/jobs"} 2',
    ])
      expect(page.split('\n')).toContain(line);
    expect(page).toMatch(/^process_resident_memory_bytes [1-9]/m);
  });
});

test('metrics count the transactions that the database made this coordinator run again', async () => {
  const repetitions = { conflict: 2, duplicate: 0, connection: 0 };
  const farm = await TestFarm.open({}, { open: async (clock) => ({ ...(await openTestStore(clock)), repetitions }) });
  const troubled = await TestCoordinator.startOn(farm);
  onTestFinished(() => troubled.stop());
  const printed = async () => (await (await troubled.fetch('/metrics')).text()).split('\n');
  expect(await printed()).toContain('ffmill_db_transactions_repeated_total{trouble="conflict"} 2');
  repetitions.conflict += 1;
  const page = await printed();
  expect(page).toContain('ffmill_db_transactions_repeated_total{trouble="conflict"} 3');
  expect(page).toContain('ffmill_db_transactions_repeated_total{trouble="connection"} 0');
});

test('a coordinator says every second that it is there', async () => {
  const seen = async () => {
    const rows = await api.farm.store.db.selectFrom('coordinators').select(['id', 'seen_at']).execute();
    return rows.find(({ id }) => id !== 'coordinator-1')?.seen_at;
  };
  const first = await seen();
  api.farm.clock.advance(1000);
  await eventually(async () => expect(await seen()).toBe((first ?? 0) + 1000));
});

test('stopping twice is stopping once, and nothing answers afterwards', async () => {
  await Promise.all([api.coordinator.stop(), api.coordinator.stop()]);
  await api.coordinator.stop();
  await expect(api.fetch('/health')).rejects.toThrow();
});

test('a port that is taken is refused, and nothing is left running', async () => {
  const log = createLogger({ level: 'silent', name: 'test' });
  const { store } = api.farm;
  const second = startCoordinator({ host: '127.0.0.1', port: api.coordinator.port }, { store, log });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
