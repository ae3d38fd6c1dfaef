import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { docker } from '../support/containers/docker.ts';
import { eventually } from '../support/eventually.ts';
import { databaseWriter } from './support/database-writer.ts';
import type { FarmClient } from './support/farm-client.ts';
import { noteRecovery, recoveryTable } from './support/recovery-times.ts';
import { theStack } from './support/running-stack.ts';
import { type BusyWorker, busyWorker, containersByName, heldAt, runningSegment, takenOver } from './support/workers.ts';
import { expectIntact, expectNothingLeft, prepareWorkload, submitLossless, type Workload } from './support/workload.ts';

const stack = theStack();

/** What a machine that runs the whole farm by itself may add to a time. The table shows the times as they were. */
const BUSY_MS = 3_000;
let client: FarmClient;
let workload: Workload;
let workers: ReadonlyMap<string, string>;

beforeAll(async () => {
  workers = await containersByName(stack);
  workload = await prepareWorkload(stack, { seconds: 40 });
});

afterEach(async () => {
  // Whatever a case broke is whole again before the next one.
  await stack.healAll();
});

afterAll(async () => {
  await expectNothingLeft(stack, workload);
  process.stdout.write(`\n${recoveryTable()}\n`);
});

/** Jobs under way, of which the first runs segments already. */
async function startLoad(jobs = 3): Promise<string[]> {
  client = stack.client();
  const ids: string[] = [];
  for (let job = 0; job < jobs; job += 1) ids.push((await submitLossless(client, workload)).id);
  await client.reaches(ids[0] ?? '', ['running'], 60_000);
  return ids;
}

async function finishLoad(ids: readonly string[], withinMs = 180_000): Promise<void> {
  for (const id of ids) await client.ends(id, withinMs);
  await expectIntact(stack, client, ids, workload);
  for (const { attempts } of (await Promise.all(ids.map((id) => client.tasks(id)))).flat())
    expect(attempts.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
}

/** What this worker held when it was lost ended without it, whatever it said when it was back. */
async function expectFenced(jobId: string, { worker, at }: { worker: BusyWorker; at: number }): Promise<void> {
  const attempts = (await client.tasks(jobId)).flatMap((task) => task.attempts);
  const lost = attempts.filter(({ worker_name, ...one }) => worker_name === worker.name && heldAt(one, at));
  expect(lost.map(({ outcome, error }) => [outcome, error?.code])).toEqual(
    lost.map(() => ['interrupted', 'lease_lost']),
  );
  expect(lost).not.toEqual([]);
}

test('kill -9 of a worker: its tasks run elsewhere within 12 s, finished segments are kept', async () => {
  // One job: when the lease is over, the others have free slots, so that only the farm's own time is measured.
  const ids = await startLoad(1);
  const worker = await busyWorker(workers, client, ids[0] ?? '');
  const doneBefore = await finishedSegments(ids);
  const at = Date.now();
  await stack.kill(worker.container);
  const tookMs = await takenOver(client, worker.task.job_id, { name: worker.name, at }, 30_000);
  noteRecovery('worker killed', 'its tasks run elsewhere', tookMs);
  expect(tookMs).toBeLessThanOrEqual(12_000 + BUSY_MS);
  await finishLoad(ids);
  for (const task of await segments(ids)) if (doneBefore.has(task.id)) expect(task.attempts).toHaveLength(1);
});

test('kill -9 of FFmpeg: the task is tried again, the job completes', async () => {
  const ids = await startLoad();
  const worker = await busyWorker(workers, client, ids[0] ?? '');
  await eventually(
    async () => expect(await stack.killProcesses(worker.container, 'ffmpeg')).toBeGreaterThan(0),
    20_000,
  );
  await finishLoad(ids);
});

test('kill -9 of a coordinator: no request of a client fails', async () => {
  const ids = await startLoad();
  const asking = keepAsking();
  await stack.kill(await stack.container('coordinator-1'));
  ids.push((await submitLossless(client, workload)).id);
  await finishLoad(ids);
  expect(await asking.stop()).toEqual([]);
});

test('both coordinators away for 30 s: encodes go on, reports are replayed, no attempt is lost', async () => {
  const ids = await startLoad(1);
  await runningSegment(client, ids[0] ?? '');
  const both = [await stack.container('coordinator-1'), await stack.container('coordinator-2')];
  await stack.kill(...both);
  await new Promise((resolve) => setTimeout(resolve, 30_000)); // the case is the length of the outage
  await stack.start(...both);
  const at = Date.now();
  await eventually(() => client.job(ids[0] ?? ''), 60_000);
  noteRecovery('both coordinators away for 30 s', 'the API answers', Date.now() - at);
  await finishLoad(ids);
  for (const task of await segments(ids)) expect(task.attempts).toHaveLength(1);
});

test('kill -9 of the janitor that leads: the other takes over within 10 s', async () => {
  const [[holder] = []] = await stack.sql(`select holder from leader_leases where name = 'janitor'`);
  expect(holder).toBeDefined();
  const leader = await janitorCalled(holder ?? '');
  const at = Date.now();
  await stack.kill(leader);
  await eventually(async () => {
    const [[next] = []] = await stack.sql(
      `select holder from leader_leases where name = 'janitor' and until_at > unix_timestamp(now(3)) * 1000`,
    );
    expect(next).toBeDefined();
    expect(next).not.toBe(holder);
  }, 15_000);
  const tookMs = Date.now() - at;
  noteRecovery('leading janitor killed', 'the other leads', tookMs);
  expect(tookMs).toBeLessThanOrEqual(10_000);
});

test.each(['rabbitmq-1', 'rabbitmq-2', 'rabbitmq-3'])(
  'kill -9 of %s, which may lead queues: work goes on',
  async (node) => {
    const ids = await startLoad();
    const at = Date.now();
    await stack.kill(await stack.container(node));
    const id = (await submitLossless(client, workload)).id;
    await client.reaches(id, ['assigned', 'running', 'completed'], 60_000);
    noteRecovery(`${node} killed`, 'a new job is claimed', Date.now() - at);
    await finishLoad([...ids, id]);
  },
);

test('all three brokers at once: submits still succeed, work resumes', async () => {
  const ids = await startLoad();
  const nodes = await Promise.all(['rabbitmq-1', 'rabbitmq-2', 'rabbitmq-3'].map((node) => stack.container(node)));
  await stack.kill(...nodes);
  for (let job = 0; job < 3; job += 1) ids.push((await submitLossless(client, workload)).id);
  expect(client.failed).toEqual([]);
  await stack.start(...nodes);
  await finishLoad(ids);
});

test('purge of every queue: they are filled again from the rows', async () => {
  const ids = await startLoad(4);
  // No worker has that storage: its task waits, and its token is seen for as long as anybody looks.
  const waiting = await client.submit({ input: '${nowhere}/in.mkv', output: '${nowhere}/out.mkv', profile: 'h264' });
  const node = await stack.container('rabbitmq-1');
  const tokens = async () => {
    const lines = (await stack.exec(node, 'rabbitmqctl', '-q', 'list_queues', 'name', 'messages')).split('\n');
    const queues = lines.map((line) => line.split('\t')).filter(([name]) => name?.startsWith('ffmill.tasks.'));
    return new Map(queues.map(([name = '', messages]) => [name, Number(messages)]));
  };
  const nowhere = await eventually(async () => {
    const found = [...(await tokens())].find(([name, messages]) => name.includes('nowhere') && messages === 1);
    if (found === undefined) throw new Error('no token for a task that nobody can take');
    return found[0];
  });
  for (const queue of (await tokens()).keys()) await stack.exec(node, 'rabbitmqctl', 'purge_queue', queue);
  await eventually(async () => expect((await tokens()).get(nowhere)).toBe(1), 60_000);
  await client.call('POST', `/v1/jobs/${waiting.id}/cancel`);
  await stack.exec(node, 'rabbitmqctl', 'purge_queue', nowhere); // nobody will ever take that token
  await finishLoad(ids);
});

test('kill -9 of the Galera writer: writes resume within 10 s', async () => {
  const ids = await startLoad();
  const at = Date.now();
  await stack.kill(await databaseWriter(stack));
  const id = await eventually(async () => (await submitLossless(client, workload)).id, 30_000);
  const tookMs = Date.now() - at;
  noteRecovery('Galera writer killed', 'a submit is taken', tookMs);
  expect(tookMs).toBeLessThanOrEqual(10_000);
  await finishLoad([...ids, id]);
});

test('two of three database nodes: refused clearly, resumes', async () => {
  const ids = await startLoad();
  const nodes = [await stack.container('galera-1'), await stack.container('galera-2')];
  await stack.kill(...nodes);
  await eventually(async () => {
    const refusal = await client.call('GET', '/ready').then(() => undefined, String);
    expect(refusal).toContain('503');
  }, 30_000);
  await stack.start(...nodes);
  const at = Date.now();
  await eventually(() => client.job(ids[0] ?? ''), 120_000);
  noteRecovery('two Galera nodes killed, started again', 'the API answers', Date.now() - at);
  await finishLoad(ids, 240_000);
});

test('kill -9 of the HAProxy that holds the addresses: they move within 3 s', async () => {
  const ids = await startLoad();
  const holder = await stack.vipHolder();
  const at = Date.now();
  await stack.kill(holder);
  await eventually(() => client.call('GET', '/health'), 20_000);
  const tookMs = Date.now() - at;
  noteRecovery('HAProxy with the VIP killed', 'the API answers', tookMs);
  expect(tookMs).toBeLessThanOrEqual(3_000 + BUSY_MS);
  await finishLoad(ids);
});

test('a worker cut off from everything for longer than its lease is fenced when it is back', async () => {
  const ids = await startLoad();
  const worker = await busyWorker(workers, client, ids[0] ?? '');
  const at = Date.now();
  const reconnect = await stack.cutOff(worker.container);
  noteRecovery(
    'worker cut off',
    'its tasks run elsewhere',
    await takenOver(client, worker.task.job_id, { name: worker.name, at }, 40_000),
  );
  await reconnect();
  await eventually(async () => {
    const row = (await client.workers()).find(({ name }) => name === worker.name);
    expect(row?.status).toBe('online');
  }, 60_000);
  await finishLoad(ids);
  await expectFenced(worker.task.job_id, { worker, at });
});

test('a worker suspended for longer than its lease, then continued, is fenced', async () => {
  const ids = await startLoad();
  const worker = await busyWorker(workers, client, ids[0] ?? '');
  const at = Date.now();
  await stack.suspend(worker.container);
  noteRecovery(
    'worker suspended',
    'its tasks run elsewhere',
    await takenOver(client, worker.task.job_id, { name: worker.name, at }, 40_000),
  );
  await stack.resume(worker.container);
  await finishLoad(ids);
  await expectFenced(worker.task.job_id, { worker, at });
});

test('scratch full: tasks wait for room, nothing is lost', async () => {
  const ids = await startLoad();
  const worker = await stack.container('worker');
  await stack.execAsRoot(worker, 'sh', '-c', 'head -c 10G /dev/zero > /scratch/filler; true');
  await eventually(async () => {
    const errors = (await Promise.all(ids.map((id) => client.tasks(id)))).flat().map(({ error }) => error?.code);
    expect(errors).toContain('disk_full');
  }, 60_000);
  await stack.execAsRoot(worker, 'rm', '/scratch/filler');
  await finishLoad(ids);
});

test('the storage of one worker gone: it says so and gets no work, the others finish', async () => {
  const ids = await startLoad();
  const worker = await busyWorker(workers, client, ids[0] ?? '');
  const putBack = await stack.loseMount(worker.container, '/media');
  await eventually(async () => {
    const row = (await client.workers()).find(({ name }) => name === worker.name);
    expect(row?.status).toBe('error');
  }, 60_000);
  await finishLoad(ids);
  await putBack();
  await eventually(async () => {
    const row = (await client.workers()).find(({ name }) => name === worker.name);
    expect(row?.status).toBe('online');
  }, 60_000);
});

test('a worker whose clock is off by an hour does its work', async () => {
  await stack.compose('up', '-d', '--wait', '--no-recreate', 'worker-off-by-an-hour');
  const ids = await startLoad(4);
  await finishLoad(ids);
  const attempts = (await segments(ids)).flatMap((task) => task.attempts);
  expect(attempts.some(({ worker_name }) => worker_name === 'off-by-an-hour')).toBe(true);
  expect(attempts.every(({ outcome }) => outcome === 'done')).toBe(true);
});

test('memory alarm of the brokers: submits succeed, work resumes', async () => {
  const nodes = await Promise.all(['rabbitmq-1', 'rabbitmq-2', 'rabbitmq-3'].map((node) => stack.container(node)));
  const control = (...args: string[]) =>
    Promise.all(nodes.map((node) => stack.exec(node, 'rabbitmqctl', '-q', ...args)));
  const ids = await startLoad();
  await control('set_vm_memory_high_watermark', '0');
  await eventually(async () => {
    for (const alarms of await control('eval', 'rabbit_alarm:get_local_alarms().')) expect(alarms).toContain('memory');
  });
  for (let job = 0; job < 3; job += 1) ids.push((await submitLossless(client, workload)).id);
  expect(client.failed).toEqual([]);
  await control('set_vm_memory_high_watermark', 'absolute', '512MiB'); // as deploy/rabbitmq/entrypoint has it
  await finishLoad(ids);
});

function segments(ids: readonly string[]) {
  return Promise.all(ids.map((id) => client.tasks(id))).then((lists) =>
    lists.flat().filter(({ kind }) => kind === 'segment'),
  );
}

async function finishedSegments(ids: readonly string[]): Promise<Set<string>> {
  return new Set((await segments(ids)).filter(({ state }) => state === 'completed').map(({ id }) => id));
}

/** The container of the janitor that holds the lead: the holder's name begins with its host name. */
async function janitorCalled(holder: string): Promise<string> {
  const names = await stack.containers('janitor');
  const hosts = await Promise.all(names.map((name) => docker('inspect', '-f', '{{.Config.Hostname}}', name)));
  const name = names[hosts.findIndex((host) => holder.includes(host))];
  if (name === undefined) throw new Error(`${holder} is none of ${hosts.join(', ')}`);
  return name;
}

/** A client that never stops asking; gives the calls that failed. */
function keepAsking() {
  const asker = stack.client();
  let asking = true;
  const done = (async () => {
    while (asking) await asker.call('GET', '/v1/jobs?limit=1').catch(() => undefined);
  })();
  return {
    async stop() {
      asking = false;
      await done;
      return asker.failed;
    },
  };
}
