import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { followJob, lookAtJob, type Sight } from '../../../../services/cli/client/follow-job.ts';
import { createClient } from '../../../../services/cli/client.ts';
import { jobView, taskView } from '../../../support/job-views.ts';
import { sendJson, startScriptedServer } from '../../../support/scripted-server.ts';

test('a job that ends while it is looked at is not shown as ended with a task that has not', async () => {
  let [job, task] = [jobView(), taskView({ state: 'committing' })];
  const client = {
    async findJob() {
      await Promise.resolve(); // the slower answer, were both asked for at once
      return job;
    },
    async listTasks() {
      const tasks = [task];
      [job, task] = [jobView({ state: 'completed' }), taskView({ state: 'completed' })];
      return tasks;
    },
  };
  const states = async () => {
    const sight = await lookAtJob(client, job.id);
    return [sight.job.state, ...sight.tasks.map(({ state }) => state)];
  };
  expect(await states()).toEqual(['running', 'committing']);
  expect(await states()).toEqual(['completed', 'completed']);
});

describe('followJob', () => {
  let server: Awaited<ReturnType<typeof startScriptedServer>>;
  let job = jobView();
  let streams: ServerResponse[] = [];
  let opened = Promise.withResolvers<void>();

  beforeEach(async () => {
    job = jobView();
    streams = [];
    opened = Promise.withResolvers();
    server = await startScriptedServer((request, response) => {
      if (request.url?.endsWith('/tasks')) return sendJson(response, 200, { tasks: [taskView()] });
      if (!request.url?.endsWith('/events')) return sendJson(response, 200, job);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      streams.push(response);
      opened.resolve();
    });
  });
  afterEach(() => server.stop());

  const client = () => createClient({ url: server.url, hint: '', signal: new AbortController().signal });
  const tell = (stream: ServerResponse | undefined, id: string, event: string) =>
    stream?.write(`id: ${id}\nevent: ${event}\ndata: {}\n\n`);

  test('ends at once with the final event, having shown the job at its end', async () => {
    const sights: Sight[] = [];
    const following = followJob(client(), job.id, (sight) => sights.push(sight), new AbortController().signal);
    await opened.promise;
    const begun = performance.now();
    job = jobView({ state: 'completed', progress: 1 });
    tell(streams[0], '1', 'job.completed');
    expect((await following).state).toBe('completed');
    expect(performance.now() - begun).toBeLessThan(1000); // a look without an event comes after 5 s only
    expect(sights.at(-1)?.job.state).toBe('completed');
    expect(sights.at(-1)?.tasks).toHaveLength(1);
  });

  test('goes on after a lost stream from the last event it heard', async () => {
    const following = followJob(client(), job.id, () => {}, new AbortController().signal);
    await opened.promise;
    tell(streams[0], '41', 'task.running');
    opened = Promise.withResolvers();
    streams[0]?.end();
    await opened.promise;
    expect(
      server.asked.filter(({ url }) => url.endsWith('/events')).map(({ headers }) => headers['last-event-id']),
    ).toEqual([undefined, '41']);
    job = jobView({ state: 'failed' });
    tell(streams[1], '42', 'job.failed');
    expect((await following).state).toBe('failed');
  });

  test('ends with the signal', async () => {
    const stop = new AbortController();
    const following = followJob(client(), job.id, () => {}, stop.signal);
    await opened.promise;
    stop.abort('enough');
    await expect(following).rejects.toBe('enough');
  });

  test('does not wait for events of a job that has ended', async () => {
    job = jobView({ state: 'canceled' });
    expect((await followJob(client(), job.id, () => {}, new AbortController().signal)).state).toBe('canceled');
  });
});
