import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { beforeAll, expect, test } from 'vitest';
import type { EventBody } from '../../shared/wire/events.ts';
import { eventually } from '../support/eventually.ts';
import { databaseWriter } from './support/database-writer.ts';
import { theStack } from './support/running-stack.ts';
import { runningSegment } from './support/workers.ts';
import { expectIntact, prepareWorkload, submitLossless, type Workload } from './support/workload.ts';

const stack = theStack();
const client = stack.client();
let workload: Workload;

beforeAll(async () => {
  workload = await prepareWorkload(stack, { seconds: 40 });
});

test('a plain AMQP consumer sees the whole life of a job, in order, each event once after dedupe by id', async () => {
  const connection = await connect(await stack.amqpUrl('watcher'));
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue(`watch.${randomUUID()}`, { exclusive: true });
  await channel.bindQueue(queue, 'ffmill.events', 'job.#');
  await channel.bindQueue(queue, 'ffmill.events', 'task.#');
  const events: EventBody[] = [];
  await channel.consume(
    queue,
    (message) => {
      if (message !== null) events.push(JSON.parse(message.content.toString()) as EventBody);
    },
    { noAck: true },
  );
  const { id } = await submitLossless(client, workload);
  await client.ends(id, 120_000);
  const ofJob = () => {
    const seen = new Map(
      events.filter(({ job_id, seq }) => job_id === id && seq > 0).map((event) => [event.id, event]),
    );
    return [...seen.values()];
  };
  await eventually(() => expect(ofJob().at(-1)?.event).toBe('job.completed'), 10_000);
  await connection.close();
  expect(ofJob().map(({ seq }) => seq)).toEqual(ofJob().map((_, index) => index + 1));
  const names = ofJob()
    .filter(({ event }) => event.startsWith('job.'))
    .map(({ event }) => event);
  expect(names).toEqual(['job.created', 'job.assigned', 'job.running', 'job.completed']);
  await expectIntact(stack, client, [id], workload);
});

test('more and fewer workers in the middle of a job lose nothing', async () => {
  const ids = [await submitLossless(client, workload), await submitLossless(client, workload)].map(({ id }) => id);
  await runningSegment(client, ids[0] ?? '');
  await stack.scale(5);
  await runningSegment(client, ids[1] ?? '');
  await stack.scale(2);
  for (const id of ids) await client.ends(id, 180_000);
  await expectIntact(stack, client, ids, workload);
  await stack.scale(3);
});

test('200 retries of one submit through both coordinators during a failover give one job', async () => {
  const request = { input: '${media}/none.mkv', output: `\${media}/once-${Date.now()}.mkv` };
  const key = randomUUID();
  const coordinators = stack.coordinatorClients();
  const killed = stack.kill(await databaseWriter(stack));
  const ids = new Set<string>();
  let answered = 0;
  for (let round = 0; round < 100 || answered < 200; round += 1) {
    const answers = await Promise.allSettled(coordinators.map((one) => one.submit(request, key)));
    for (const answer of answers) {
      if (answer.status !== 'fulfilled') continue;
      answered += 1;
      ids.add(answer.value.id);
    }
  }
  await killed;
  expect(ids.size).toBe(1);
  const [id = ''] = ids;
  const [[count] = []] = await stack.sql(`select count(*) from jobs where output = '${request.output}'`);
  expect(count).toBe('1');
  await client.call('POST', `/v1/jobs/${id}/cancel`).catch(() => undefined); // its input does not exist: it may have failed
  await stack.healAll();
});

test('idle queues: one per class, none per job, nothing left in them', async () => {
  const node = await stack.container('rabbitmq-1');
  await eventually(async () => {
    const listed = await stack.exec(
      node,
      'rabbitmqctl',
      '-q',
      'list_queues',
      'name',
      'messages_ready',
      'messages_unacknowledged',
    );
    const rows = listed
      .split('\n')
      .slice(1)
      .map((line) => line.split('\t'));
    const tasks = rows.filter(([name = '']) => name.startsWith('ffmill.tasks.'));
    expect(tasks).not.toEqual([]);
    expect(tasks.length).toBeLessThan(10);
    for (const [, ready, unacknowledged] of tasks) expect([ready, unacknowledged]).toEqual(['0', '0']);
  }, 30_000);
});
