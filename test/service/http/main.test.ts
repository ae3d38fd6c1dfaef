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
