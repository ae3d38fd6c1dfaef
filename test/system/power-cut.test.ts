import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { noteRecovery, recoveryTable } from './support/recovery-times.ts';
import { theStack } from './support/running-stack.ts';

const stack = theStack();
const NODES = ['galera-1', 'galera-2', 'galera-3'];

/** Submits until told to stop, from several clients at once; gives the ids of the jobs that were acknowledged. */
function submitWithoutEnd(clients: number) {
  const client = stack.client();
  const acknowledged = new Set<string>();
  let going = true;
  const one = async () => {
    while (going) {
      const jobs = Array.from({ length: 20 }, () => ({
        input: '${nowhere}/in.mkv',
        output: `\${nowhere}/${randomUUID()}.mkv`,
      }));
      const answer = await client
        .call<{ jobs: { id: string }[] }>('POST', '/v1/jobs/batch', { jobs }, { 'Idempotency-Key': randomUUID() })
        .catch(() => undefined);
      for (const { id } of answer?.jobs ?? []) acknowledged.add(id);
    }
  };
  const done = Promise.all(Array.from({ length: clients }, one));
  return {
    acknowledged,
    async stop() {
      going = false;
      await done;
    },
  };
}

test('kill -9 of all three database nodes under load: no acknowledged submission is lost, the cluster comes back', async () => {
  const load = submitWithoutEnd(4);
  await eventually(() => expect(load.acknowledged.size).toBeGreaterThanOrEqual(3000), 120_000);
  const containers = await Promise.all(NODES.map((node) => stack.container(node)));
  await stack.kill(...containers);
  const before = load.acknowledged.size;
  const at = Date.now();
  await stack.start(...containers);
  const client = stack.client();
  await eventually(() => client.call('GET', '/ready'), 180_000);
  noteRecovery('all three Galera nodes killed', 'the farm is ready', Date.now() - at);
  await eventually(() => expect(load.acknowledged.size).toBeGreaterThan(before), 60_000);
  await load.stop();
  await stack.healthy(...containers);
  const stored = new Set((await stack.sql(`select id from jobs where input = '\${nowhere}/in.mkv'`)).map(([id]) => id));
  const lost = [...load.acknowledged].filter((id) => !stored.has(id));
  expect(lost).toEqual([]);
  process.stdout.write(`\n${load.acknowledged.size} acknowledged, ${lost.length} lost\n${recoveryTable()}\n`);
  await stack.sql(`delete from jobs where input = '\${nowhere}/in.mkv'`);
});

test('the whole stack down and up again comes back with its data', async () => {
  const client = stack.client();
  const job = await client.submit({ input: '${nowhere}/in.mkv', output: `\${nowhere}/${randomUUID()}.mkv` });
  await stack.compose('down', '--timeout', '5');
  await stack.up({ workers: 3 });
  expect((await client.job(job.id)).id).toBe(job.id);
  await client.call('POST', `/v1/jobs/${job.id}/cancel`);
});
