import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type FfmpegRun, runFfmpeg } from '../../../../services/worker/ffmpeg/run.ts';
import { eventually } from '../../../support/eventually.ts';
import { BINARIES, standIn } from '../../../support/ffmpeg-fixtures.ts';
import { isAlive } from '../../../support/is-alive.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ffmill-run-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

const PICTURES = ['-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25'];

function run(options: Partial<FfmpegRun>) {
  const never = new AbortController().signal;
  return runFfmpeg({ binary: BINARIES.ffmpeg, args: [], signal: never, stallMs: 20_000, ...options });
}

test('a run that ends well tells how much it made', async () => {
  const onProgress = vi.fn();
  const end = await run({ args: [...PICTURES, '-frames:v', '50', '-f', 'null', '-'], onProgress });
  expect(end).toMatchObject({ frames: 50, outTimeUs: 2_000_000, inputDamage: null });
  expect(onProgress).toHaveBeenLastCalledWith(expect.objectContaining({ frame: 50 }));
});

test('every warning and error is handed on as a line, with its level', async () => {
  const lines: string[] = [];
  const failed = run({ args: ['-i', 'file:/no/such.mkv', '-f', 'null', '-'], onLine: (line) => lines.push(line) });
  await expect(failed).rejects.toMatchObject({ code: 'input_missing' });
  expect(lines.join('\n')).toContain('[error] file:/no/such.mkv: No such file or directory');
});

describe('standard input', () => {
  test('gets the bytes of the files one after the other', async () => {
    const made = ['one', 'two'].map((name) => join(folder, `${name}.ts`));
    for (const path of made) await run({ args: [...PICTURES, '-frames:v', '25', '-f', 'mpegts', `file:${path}`] });
    const end = await run({ args: ['-f', 'mpegts', '-i', 'pipe:0', '-f', 'null', '-'], stdinFiles: made });
    expect(end.frames).toBe(50);
  });

  test('that FFmpeg does not read to its end does not hide what FFmpeg says', async () => {
    const big = join(folder, 'big');
    await writeFile(big, Buffer.alloc(4 * 1024 * 1024));
    const failed = run({ args: ['-f', 'mov', '-i', 'pipe:0', '-c:v', 'nosuch', '-f', 'null', '-'], stdinFiles: [big] });
    await expect(failed).rejects.toMatchObject({ code: expect.stringMatching(/input_truncated|input_not_media/) });
  });

  test('of which a file is gone is a lost part, not a short success', async () => {
    const one = join(folder, 'first.ts');
    await run({ args: [...PICTURES, '-frames:v', '25', '-f', 'mpegts', `file:${one}`] });
    const failed = run({ args: ['-f', 'mpegts', '-i', 'pipe:0', '-f', 'null', '-'], stdinFiles: [one, '/no/such'] });
    await expect(failed).rejects.toMatchObject({ code: 'part_lost' });
  });
});

describe('an abort', () => {
  test('ends FFmpeg and throws the reason of the signal', async () => {
    const stop = new AbortController();
    const reason = new Error('lease lost');
    const running = run({
      args: ['-re', ...PICTURES, '-f', 'null', '-'],
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    });
    await expect(running).rejects.toBe(reason);
  });

  test('before the start starts nothing', async () => {
    await expect(run({ binary: '/no/ffmpeg', signal: AbortSignal.abort('no') })).rejects.toBe('no');
  });

  test('kills the whole group when SIGTERM does not help', async () => {
    const stop = new AbortController();
    let pids: number[] = [];
    const running = run({
      binary: standIn('ffmpeg-that-ignores-term'),
      signal: stop.signal,
      onLine(line) {
        pids = line.split(' ').slice(1).map(Number);
        stop.abort('enough');
      },
    });
    await expect(running).rejects.toBe('enough');
    expect(pids).toHaveLength(2);
    await eventually(() => expect(pids.filter(isAlive)).toEqual([]));
  });
});

describe('an FFmpeg that misbehaves', () => {
  test('and prints nothing is stopped as stalled', async () => {
    const stalled = run({ binary: standIn('ffmpeg-that-hangs'), stallMs: 300 });
    await expect(stalled).rejects.toMatchObject({ code: 'ffmpeg_stalled' });
  });

  test('and repeats the same progress is stopped as stalled', async () => {
    const stalled = run({ binary: standIn('ffmpeg-that-repeats-itself'), stallMs: 300 });
    await expect(stalled).rejects.toMatchObject({ code: 'ffmpeg_stalled' });
  });

  test('and prints 10 MB without an end of line neither blocks nor fills the memory', async () => {
    const lines: string[] = [];
    const end = await run({ binary: standIn('ffmpeg-that-shouts'), onLine: (line) => lines.push(line) });
    expect(end).toMatchObject({ frames: 7, outTimeUs: 280_000 });
    expect(lines.map((line) => line.length)).toEqual([4000]);
  });

  test('and is killed from outside is told from one that failed', async () => {
    const path = join(folder, 'ffmpeg-that-kills-itself');
    await writeFile(path, '#!/bin/sh\nkill -KILL $$\n');
    await chmod(path, 0o755);
    await expect(run({ binary: path })).rejects.toMatchObject({ code: 'ffmpeg_killed' });
  });

  test('and is not there is missing', async () => {
    await expect(run({ binary: '/no/ffmpeg' })).rejects.toMatchObject({ code: 'ffmpeg_missing' });
  });

  test('and may not be executed is missing', async () => {
    const path = join(folder, 'not-executable');
    await copyFile(standIn('ffmpeg-that-hangs'), path);
    await chmod(path, 0o644);
    await expect(run({ binary: path })).rejects.toMatchObject({ code: 'ffmpeg_missing' });
  });
});

test('FFmpeg does not see the environment of the worker', async () => {
  vi.stubEnv('FFREPORT', 'file=/tmp/report.log');
  vi.stubEnv('AV_LOG_FORCE_COLOR', '1');
  const lines: string[] = [];
  await run({ binary: standIn('ffmpeg-that-shows-its-environment'), onLine: (line) => lines.push(line) });
  vi.unstubAllEnvs();
  const names = lines.filter((line) => line.includes('=')).map((line) => line.split('=')[0]);
  expect(names).toContain('PATH');
  expect(names).not.toContain('FFREPORT');
  expect(names).not.toContain('AV_LOG_FORCE_COLOR');
  expect(lines).toContain('LC_ALL=C');
  expect(lines).toContain('folder /');
});

test('FFmpeg dies with a worker that is killed', async () => {
  const script = standIn('run-and-print-pid.ts');
  const worker = spawn(process.execPath, [script, standIn('ffmpeg-that-hangs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = await once(worker.stdout, 'data');
  const pid = Number(String(chunk));
  expect(isAlive(pid)).toBe(true);
  worker.kill('SIGKILL');
  await eventually(() => expect(isAlive(pid)).toBe(false));
});
