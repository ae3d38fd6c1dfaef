import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { COMMIT_LAG_MS } from '../../../services/coordinator/events/lagging-cursor.ts';
import type { Clock } from '../../../shared/runtime/clock.ts';
import type { ClaimedTask } from '../../../shared/wire/workers.ts';
import { createBench, type Ffmill } from '../../support/ffmill-process.ts';
import { type HttpProxy, startHttpProxy } from '../../support/http-proxy.ts';
import { openTestStore } from '../../support/open-test-store.ts';
import { TestCoordinator } from '../../support/test-coordinator.ts';
import { TestFarm } from '../../support/test-farm.ts';

/** A farm whose lines appear out of order, as on MariaDB; its clock stands still, so no line ever settles by itself. */
describe('ffmill logs --follow', () => {
  const bench = createBench();
  let farm: TestFarm;
  let api: TestCoordinator;
  let proxy: HttpProxy;
  let task: ClaimedTask;
  let following: Ffmill | undefined;
  let written = 0;

  beforeEach(async () => {
    written = 0;
    const open = async (clock: Clock) => ({ ...(await openTestStore(clock)), positionsAreOrdered: false });
    farm = await TestFarm.open({}, { open });
    api = await TestCoordinator.startOn(farm);
    proxy = await startHttpProxy(api.coordinator.url);
    const worker = await farm.worker('w');
    await api.submit();
    task = await farm.claim(worker);
  });
  afterEach(async () => {
    following?.child.kill('SIGKILL');
    await proxy.stop();
    await api.stop();
  });
  afterAll(bench.clear);

  async function write(...texts: string[]): Promise<void> {
    const lines = texts.map((text) => ({ stream: 'stderr', text, at: '2026-01-01T00:00:01.000Z' }));
    await api.call('POST', `/v1/attempts/${task.token}/logs`, { body: { first_line: written + 1, lines } });
    written += texts.length;
  }

  function follow(...options: string[]): Ffmill {
    following = bench.start(['logs', '1', '--follow', ...options], { FFMILL_URL: proxy.url });
    return following;
  }

  /** Takes a line away as if its transaction were not committed yet; the answer commits it. */
  async function holdBack(text: string): Promise<() => Promise<unknown>> {
    const { db } = farm.store;
    const line = await db.selectFrom('log_lines').selectAll().where('text', '=', text).executeTakeFirstOrThrow();
    await db.deleteFrom('log_lines').where('seq', '=', line.seq).execute();
    return () => db.insertInto('log_lines').values(line).execute();
  }

  test('shows lines while the job runs, as they come, and ends with the job', async () => {
    await write('before');
    const logs = follow();
    await logs.said('before\n');
    await write('while it runs');
    await logs.said('while it runs\n');
    await write('the last');
    await farm.fails(task, 'input_missing', 'reject');
    expect(await logs.ended).toMatchObject({ code: 0, stdout: 'before\nwhile it runs\nthe last\n' });
  });

  test('shows lines at once that appear below those that it has shown', async () => {
    await write('late', 'early');
    const commit = await holdBack('late');
    const logs = follow();
    await logs.said('early\n');
    await commit();
    await logs.said('late\n');
    await farm.fails(task, 'input_missing', 'reject');
    expect((await logs.ended).stdout).toBe('early\nlate\n');
  });

  test.for([
    { age: 'young', passedMs: 0 },
    { age: 'settled', passedMs: COMMIT_LAG_MS + 1 },
  ])(
    'after a lost connection shows what came meanwhile, and nothing again: lines that are $age',
    async ({ passedMs }) => {
      await write('one', 'late', 'two');
      const commit = await holdBack('late');
      const logs = follow();
      await logs.said('two\n');
      const tried = Promise.withResolvers<void>();
      proxy.hooks = {
        onRequest() {
          tried.resolve();
          return 'drop';
        },
      };
      proxy.cut();
      await tried.promise;
      await commit();
      farm.clock.advance(passedMs);
      await write('three');
      proxy.hooks = {};
      await logs.said('three\n');
      await farm.fails(task, 'input_missing', 'reject');
      const { code, stdout } = await logs.ended;
      expect({ code, lines: stdout.trimEnd().split('\n').sort() }).toEqual({
        ...{ code: 0, lines: ['late', 'one', 'three', 'two'] },
      });
    },
  );

  test('--json gives the lines as one document when the job has ended', async () => {
    const asked = Promise.withResolvers<void>();
    proxy.hooks = {
      onRequest({ path }) {
        if (path.includes('follow=true')) asked.resolve();
        return undefined;
      },
    };
    await write('one');
    const logs = follow('--json');
    await asked.promise;
    await write('two');
    await farm.fails(task, 'input_missing', 'reject');
    const { lines } = JSON.parse((await logs.ended).stdout);
    expect(lines).toMatchObject([{ text: 'one' }, { text: 'two' }]);
  });

  test('a job that nobody knows is said to be unknown', async () => {
    const { code, stderr } = await bench.run(['logs', '7', '--follow'], { FFMILL_URL: proxy.url });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('(not_found)') });
  });
});
