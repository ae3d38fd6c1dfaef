import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createClient } from '../../../../services/cli/client.ts';
import { submitOrResume } from '../../../../services/cli/transcode/submit-or-resume.ts';
import type { JobView } from '../../../../shared/wire/jobs.ts';
import { jobView, taskView } from '../../../support/job-views.ts';
import { sendJson, startScriptedServer } from '../../../support/scripted-server.ts';

describe('submitOrResume', () => {
  let folder = '';
  let latest: JobView | undefined;
  let server: Awaited<ReturnType<typeof startScriptedServer>>;
  const fresh = jobView({ number: 9, state: 'pending' });
  const tasks = [
    taskView({ kind: 'probe', state: 'completed' }),
    taskView({ ordinal: 0, state: 'completed' }),
    taskView({ ordinal: 1 }),
  ];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ffmill-resume-'));
    server = await startScriptedServer(({ method, url }, response) => {
      if (method === 'POST') sendJson(response, 201, fresh);
      else if (url?.endsWith('/tasks')) sendJson(response, 200, { tasks });
      else if (url?.endsWith('/events')) response.writeHead(200, { 'content-type': 'text/event-stream' }).end();
      else if (url?.startsWith('/v1/jobs?')) sendJson(response, 200, { jobs: latest ? [latest] : [] });
      else sendJson(response, 200, { ...latest, state: 'canceled' });
    });
  });
  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  async function resume() {
    const said: string[] = [];
    const client = createClient({ url: server.url, hint: '', signal: new AbortController().signal });
    const job = await submitOrResume(client, { input: '/a', output: '/b' }, 'key', (text) => said.push(text));
    return { number: job.number, said, keys: server.asked.flatMap(({ headers }) => headers['idempotency-key'] ?? []) };
  }

  test('submits when there is nothing', async () => {
    latest = undefined;
    expect(await resume()).toEqual({ number: 9, said: [], keys: ['key'] });
  });

  test('goes on with a job that has not ended, and says how far it is', async () => {
    latest = jobView({ number: 1 });
    expect(await resume()).toEqual({ number: 1, said: ['resuming: 1 of 2 segments are done'], keys: [] });
  });

  test('takes a completed job whose file is there: the earlier run was killed before it could say so', async () => {
    const output = join(folder, 'out.mp4');
    writeFileSync(output, '12345');
    const result = { output, size_bytes: 5, attempt_id: '', verification: {} };
    latest = jobView({ number: 1, state: 'completed', output, result });
    expect(await resume()).toMatchObject({ number: 1, keys: [] });
  });

  test.each([
    { state: 'completed', why: 'whose file is gone' },
    { state: 'failed', why: 'for another try' },
    { state: 'canceling', why: 'once it is canceled' },
  ] as const)('begins anew after a $state job, $why', async ({ state }) => {
    const result = { output: join(folder, 'gone.mp4'), size_bytes: 5, attempt_id: '', verification: {} };
    latest = jobView({ number: 1, state, output: join(folder, 'gone.mp4'), result });
    expect(await resume()).toEqual({ number: 9, said: [], keys: ['key-1'] });
  });
});
