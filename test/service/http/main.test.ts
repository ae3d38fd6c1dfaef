import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, '../../../services/coordinator/main.ts');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ffmill-coordinator-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function start(settings: Record<string, string>) {
  const env = { ...process.env, FFMILL_PORT: '0', FFMILL_DATABASE: join(folder, 'ffmill.sqlite'), ...settings };
  return spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'ignore', 'pipe'] });
}

test('a process of its own answers, and ends in order when it is asked to', async () => {
  const coordinator = start({});
  let log = '';
  for await (const chunk of coordinator.stderr.setEncoding('utf8')) {
    log += chunk;
    const url = /"url":"([^"]+)"/.exec(log)?.[1];
    if (url === undefined) continue;
    expect((await fetch(`${url}/ready`)).status).toBe(200);
    break;
  }
  coordinator.kill('SIGTERM');
  expect(await once(coordinator, 'exit')).toEqual([0, null]);
});

test('settings that are wrong are named, all at once, and nothing is started', async () => {
  const coordinator = start({ FFMILL_PORT: 'eighty', FFMILL_LOG_LEVEL: 'loud' });
  const said = (await coordinator.stderr.toArray()).join('');
  expect(said).toMatch('FFMILL_PORT: must be a number');
  expect(said).toMatch('FFMILL_LOG_LEVEL');
  expect(coordinator.exitCode ?? (await once(coordinator, 'exit'))[0]).toBe(1);
});

test('with nothing there but itself it answers, and says what it is waiting for', async () => {
  const coordinator = start({
    FFMILL_DATABASE: 'mariadb://ffmill@127.0.0.1:1/ffmill',
    FFMILL_AMQP_URL: 'amqp://ffmill@127.0.0.1:1/',
  });
  let log = '';
  for await (const chunk of coordinator.stderr.setEncoding('utf8')) {
    log += chunk;
    const url = /"url":"([^"]+)"/.exec(log)?.[1];
    if (url === undefined) continue;
    expect((await fetch(`${url}/health`)).status).toBe(200);
    const ready = await fetch(`${url}/ready`);
    expect(ready.status).toBe(503);
    expect(((await ready.json()) as { detail: string }).detail).toMatch(/ECONNREFUSED.*the broker is down/);
    break;
  }
  coordinator.kill('SIGTERM');
  expect(await once(coordinator, 'exit')).toEqual([0, null]);
});

test('a second signal ends it where it stands', async () => {
  const coordinator = start({ FFMILL_UNREADY_SECONDS: '60' });
  let log = '';
  for await (const chunk of coordinator.stderr.setEncoding('utf8')) {
    log += chunk;
    const url = /"url":"([^"]+)"/.exec(log)?.[1];
    if (url === undefined) continue;
    coordinator.kill('SIGTERM');
    while ((await fetch(`${url}/ready`)).status === 200);
    break;
  }
  coordinator.kill('SIGTERM');
  expect(await once(coordinator, 'exit')).toEqual([null, 'SIGTERM']);
});
