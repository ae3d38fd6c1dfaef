import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import { createClient } from '../../../../services/cli/client.ts';
import { createOutput } from '../../../../services/cli/output.ts';
import { runJob } from '../../../../services/cli/transcode/run-job.ts';
import type { JobView } from '../../../../shared/wire/jobs.ts';
import { jobView } from '../../../support/job-views.ts';
import { type Handler, sendJson, startScriptedServer } from '../../../support/scripted-server.ts';

let server: Awaited<ReturnType<typeof startScriptedServer>>;
afterEach(() => server.stop());

async function run(handle: Handler, interrupted = new AbortController().signal): Promise<JobView> {
  server = await startScriptedServer((request, response) => {
    if (request.url?.endsWith('/tasks')) sendJson(response, 200, { tasks: [] });
    else if (request.url?.endsWith('/events')) response.writeHead(200, { 'content-type': 'text/event-stream' }).end();
    else handle(request, response);
  });
  const output = createOutput({ stdout: new PassThrough(), stderr: new PassThrough() }, { json: false, env: {} });
  const client = createClient({ url: server.url, hint: '', signal: new AbortController().signal });
  return runJob({ output, interrupted }, client, () => client.submitJob({ input: '/a', output: '/b' }, 'key'));
}

const notFound = { status: 404, code: 'not_found', detail: 'there is no such job' };

test('a farm that forgot a job it accepted is told again, with the same key', async () => {
  const submits = () => server.asked.filter(({ method }) => method === 'POST');
  const job = await run(({ method }, response) => {
    if (method === 'POST') sendJson(response, 201, jobView({ state: 'pending' }));
    else if (submits().length === 1) sendJson(response, 404, notFound);
    else sendJson(response, 200, jobView({ state: 'completed' }));
  });
  expect(job.state).toBe('completed');
  expect(submits().map(({ headers }) => headers['idempotency-key'])).toEqual(['key', 'key']);
});

test('a farm that forgets every time is given up', async () => {
  const job = run(({ method }, response) => {
    if (method === 'POST') sendJson(response, 201, jobView({ state: 'pending' }));
    else sendJson(response, 404, notFound);
  });
  await expect(job).rejects.toMatchObject({ code: 'not_found' });
  expect(server.asked.filter(({ method }) => method === 'POST')).toHaveLength(3);
});

test('Ctrl-C cancels, and the job is followed to its end', async () => {
  let canceled = false;
  const job = await run(({ method, url }, response) => {
    if (url?.endsWith('/cancel')) canceled = true;
    if (method === 'POST') sendJson(response, 202, jobView());
    else sendJson(response, 200, jobView({ state: canceled ? 'canceled' : 'running' }));
  }, AbortSignal.abort('SIGINT'));
  expect(job.state).toBe('canceled');
});

test('a cancel that comes too late does not end the waiting', async () => {
  let refused = false;
  const job = await run(({ method, url }, response) => {
    if (url?.endsWith('/cancel')) {
      refused = true;
      sendJson(response, 409, { status: 409, code: 'too_late', detail: 'is being published' });
    } else if (method === 'POST') sendJson(response, 201, jobView());
    else sendJson(response, 200, jobView({ state: refused ? 'completed' : 'running' }));
  }, AbortSignal.abort('SIGINT'));
  expect(job.state).toBe('completed');
});
