import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TaskView } from '../../../shared/wire/jobs.ts';
import { eventually } from '../../support/eventually.ts';
import { createBench, type Ffmill } from '../../support/ffmill-process.ts';
import { countFrames, makeTestClip } from '../../support/test-clip.ts';

/** Encodes so slowly that a test comes in between, on any machine. */
const SLOWLY = ['--preset', 'placebo', '--width', '1280', '--segment', '2'];

describe('ffmill up', () => {
  const bench = createBench();
  let farm: Ffmill;
  let url = '';

  async function up(): Promise<void> {
    farm = bench.start(['up', '--port', '0', '--slots', '2']);
    await farm.said('Ctrl-C stops it');
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(farm.stdout())?.[0] ?? '';
  }
  const ffmill = (...args: string[]) => bench.run(args, { FFMILL_URL: url });
  async function submit(...args: string[]): Promise<{ id: string; number: number }> {
    const { stdout } = await ffmill('submit', ...args, '--json');
    return JSON.parse(stdout);
  }

  beforeAll(async () => {
    makeTestClip(join(bench.folder, 'in.mp4'), { seconds: 2 });
    makeTestClip(join(bench.folder, 'long.mp4'), { seconds: 10, size: '640x360' });
    await up();
  });
  afterAll(() => bench.clear());

  test('says where it is, with examples, and has one worker', async () => {
    expect(farm.stdout()).toContain(`FFMILL_URL=${url} ffmill submit`);
    expect(farm.stdout()).toContain(`curl`);
    const { stdout } = await ffmill('workers');
    expect(stdout).toMatch(/^NAME +STATUS +TASKS .*\n\S+ +online +0\/2 /);
  });

  test('takes a job, which can be watched, shown, listed and explained, by number and by id', async () => {
    const { id, number } = await submit('in.mp4', 'out.mp4');
    const watched = await ffmill('watch', String(number));
    expect(watched.code).toBe(0);
    expect(watched.stdout).toContain('50 of 50');
    expect(existsSync(join(bench.folder, 'out.mp4'))).toBe(true);

    expect((await ffmill('show', id)).stdout).toMatch(/state +completed, 100 %/);
    expect(JSON.parse((await ffmill('show', String(number), '--json')).stdout)).toMatchObject({
      id,
      tasks: expect.arrayContaining([expect.objectContaining({ kind: 'probe', state: 'completed' })]),
    });
    expect((await ffmill('list', '--state', 'completed')).stdout).toContain('out.mp4');
    expect((await ffmill('why', id)).stdout).toMatch(/^completed: /);
    expect((await ffmill('logs', id, '--follow')).code).toBe(0);
    expect(JSON.parse((await ffmill('logs', id, '--json')).stdout)).toEqual({ lines: expect.any(Array) });
    expect((await ffmill('retry', id)).stderr).toContain('(wrong_state)');
  });

  test('cancel waits until nothing of the job is left, and retry submits it again', async () => {
    const { id, number } = await submit('long.mp4', 'long.out.mp4', ...SLOWLY);
    const watching = bench.start(['watch', id], { FFMILL_URL: url });
    await watching.said('cut into');
    expect((await ffmill('cancel', String(number))).stdout).toMatch(/ canceled /);
    expect((await watching.ended).code).toBe(130);
    await eventually(() => expect(bench.processes().filter((command) => command.includes('libx264'))).toEqual([]));
    expect(bench.files().filter((name) => name.includes(id) || name === 'long.out.mp4')).toEqual([]);

    const again = JSON.parse((await ffmill('retry', id, '--json')).stdout);
    expect(again.number).toBeGreaterThan(number);
    await ffmill('cancel', again.id);
  });

  test('transcode with FFMILL_URL runs there, and Ctrl-C cancels it there', async () => {
    expect((await ffmill('transcode', 'in.mp4', 'there.mp4')).code).toBe(0);
    const run = bench.start(['transcode', 'long.mp4', 'never.mp4', ...SLOWLY], { FFMILL_URL: url });
    await run.said('cut into');
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    expect(JSON.parse((await ffmill('list', '--json')).stdout).jobs[0]).toMatchObject({ state: 'canceled' });
    expect((await ffmill('transcode', 'a', 'b', '--slots', '2')).code).toBe(2);
  });

  test('Ctrl-C ends a watch but not the job', async () => {
    const { id } = await submit('long.mp4', 'watched.mp4', ...SLOWLY);
    const watching = bench.start(['watch', id], { FFMILL_URL: url });
    await watching.said('cut into');
    watching.child.kill('SIGINT');
    expect((await watching.ended).code).toBe(130);
    expect(JSON.parse((await ffmill('show', id, '--json')).stdout).state).toBe('running');
    await ffmill('cancel', id);
  });

  test('an unknown job is told as such', async () => {
    const { code, stderr } = await ffmill('show', '4711');
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('(not_found)') });
  });

  test('a port that is taken and a folder in use are told as such', async () => {
    const port = new URL(url).port;
    const data = join(bench.folder, '..', 'other');
    expect((await ffmill('up', '--port', port, '--data', data)).stderr).toContain('(port_in_use)');
    expect((await ffmill('up', '--port', '0')).stderr).toContain('(data_dir_in_use)');
  });

  test('Ctrl-C stops it in order, and what was running goes on with the next up', async () => {
    const { id } = await submit('long.mp4', 'kept.mp4', '--preset', 'slow', '--width', '1280', '--segment', '2');
    const watching = bench.start(['watch', id], { FFMILL_URL: url });
    await watching.said('segment 1 is done');
    watching.child.kill('SIGKILL');
    farm.child.kill('SIGINT');
    expect((await farm.ended).code).toBe(0);
    await eventually(() => expect(bench.processes()).toEqual([]));

    await up();
    expect((await ffmill('watch', id)).code).toBe(0);
    const { tasks } = JSON.parse((await ffmill('show', id, '--json')).stdout);
    expect(
      tasks.find(({ ordinal, kind }: { ordinal: number; kind: string }) => kind === 'segment' && ordinal === 0),
    ).toMatchObject({
      attempts: [{ outcome: 'done' }],
      interruptions: 0,
    });
  });

  test('killed with -9 and started again it completes the job, keeps finished segments and leaves no orphan', async () => {
    const { id } = await submit('long.mp4', 'killed.mp4', '--preset', 'slow', '--width', '1280', '--segment', '2');
    const watching = bench.start(['watch', id], { FFMILL_URL: url });
    await watching.said('segment 1 is done');
    watching.child.kill('SIGKILL');
    const before = await segments(id);
    farm.child.kill('SIGKILL');
    await farm.ended;
    await eventually(() => expect(bench.processes()).toEqual([]));

    await up();
    expect((await ffmill('watch', id)).code).toBe(0);
    const after = await segments(id);
    for (const { ordinal } of before.filter(({ state }) => state === 'completed'))
      expect(after[ordinal]?.attempts).toMatchObject([{ outcome: 'done' }]);
    expect(after.flatMap(({ attempts }) => attempts).filter(({ outcome }) => outcome === 'done')).toHaveLength(5);
    expect(countFrames(join(bench.folder, 'killed.mp4'))).toBe(250);
    await eventually(() => expect(readdirSync(join(bench.env.FFMILL_DATA_DIR ?? '', 'scratch'))).toEqual([]), 20_000);
    expect(bench.files().filter((name) => name.startsWith('.ffmill'))).toEqual([]);
  });

  async function segments(id: string): Promise<TaskView[]> {
    const { tasks } = JSON.parse((await ffmill('show', id, '--json')).stdout) as { tasks: TaskView[] };
    return tasks.filter(({ kind }) => kind === 'segment').toSorted((a, b) => a.ordinal - b.ordinal);
  }
});
