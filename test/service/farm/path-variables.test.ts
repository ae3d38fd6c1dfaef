import { existsSync } from 'node:fs';
import { mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { WorkerView } from '../../../shared/wire/workers.ts';
import { eventually } from '../../support/eventually.ts';
import { createBench } from '../../support/ffmill-process.ts';
import { ffmpegProcesses } from '../../support/ffmpeg-processes.ts';
import { LEASE_MS, RealFarm } from '../../support/real-farm.ts';
import { countFrames, makeTestClip } from '../../support/test-clip.ts';

let farm: RealFarm;
let media: string;

beforeEach(async () => {
  farm = await RealFarm.start();
  media = farm.path('the media');
  await Promise.all([mkdir(media), mkdir(farm.scratch)]);
});

/** Each worker has the storage under a path of its own, as machines do. */
async function startWorker(name: string) {
  const mounted = farm.path(`mnt-${name}`);
  await symlink(media, mounted);
  return farm.startWorker(name, { env: { FFMILL_PATHS: `media=${mounted}` } });
}

const statusOf = async (name: string) =>
  (await farm.get<{ workers: WorkerView[] }>('/v1/workers')).workers.find((worker) => worker.name === name)?.status;

test.for<[string, string]>([
  ['plain.mkv', 'out.mp4'],
  [`it's a "film" – 映画.mkv`, `%d of %03d 'é'.mp4`],
  ['-i two\nlines.mkv', '-y $(x) `y` ;|&\t*.mp4'],
  [`${'x'.repeat(251)}.mkv`, `${'y'.repeat(251)}.mp4`],
])('a file of the storage is transcoded by workers that know it by different paths: %j to %j', async ([from, to]) => {
  const folder = '%d odd\n "folder" -';
  await mkdir(join(media, folder));
  makeTestClip(join(media, folder, from), { seconds: 4 });
  await Promise.all([startWorker('a'), startWorker('b')]);
  const id = await farm.submit({
    input: `\${media}/${folder}/${from}`,
    output: `\${media}/${folder}/${to}`,
    segment: { mode: 'fixed', seconds: 1 },
  });
  await farm.reaches(id, 'completed');
  expect(countFrames(join(media, folder, to))).toBe(100);
  await eventually(async () => expect(await farm.names(farm.scratch)).toEqual([]));
  expect(await farm.names(join(media, folder))).toEqual([from, to].toSorted());
});

test('a link out of the storage is refused before anything is read or written there', async () => {
  makeTestClip(farm.path('private.mkv'), { seconds: 1 });
  await mkdir(farm.path('private'));
  await symlink('../private.mkv', join(media, 'in.mkv'));
  await symlink('../private', join(media, 'out'));
  makeTestClip(join(media, 'good.mkv'), { seconds: 1 });
  await startWorker('a');
  for (const [input, output] of [
    ['in.mkv', 'out.mp4'],
    ['good.mkv', 'out/out.mp4'],
  ] as const) {
    const id = await farm.submit({ input: `\${media}/${input}`, output: `\${media}/${output}` });
    const { error } = await farm.reaches(id, 'failed');
    expect(error).toMatchObject({ code: 'invalid_path', fault: 'request' });
    expect(error?.message).toContain('${media}');
    expect(error?.message).not.toContain(farm.folder);
  }
  expect(await farm.names(farm.path('private'))).toEqual([]);
});

test('a worker that loses its storage goes on error, and the job goes on with another', async () => {
  makeTestClip(join(media, 'in.mkv'), { seconds: 8, size: '640x360' });
  await startWorker('a');
  const id = await farm.submit({
    ...{ input: '${media}/in.mkv', output: '${media}/out.mp4', preset: 'veryslow', retry_delay_seconds: 0 },
    segment: { mode: 'fixed', seconds: 2 },
  });
  await eventually(() => expect(ffmpegProcesses(farm.scratch).length).toBeGreaterThan(0), 20_000);
  await rename(farm.path('mnt-a'), farm.path('unplugged'));
  await startWorker('b');
  await eventually(async () => expect(await statusOf('a')).toBe('error'), 20_000);
  await farm.reaches(id, 'completed', 90_000);
  expect(countFrames(join(media, 'out.mp4'))).toBe(200);
  await rename(farm.path('unplugged'), farm.path('mnt-a'));
  await eventually(async () => expect(await statusOf('a')).toBe('online'), 20_000);
}, 150_000);

test('what a killed worker left beside the output is removed by another one', async () => {
  makeTestClip(join(media, 'in.mkv'), { seconds: 12, size: '960x540' });
  const dead = await startWorker('dead');
  const id = await farm.submit({
    ...{ input: '${media}/in.mkv', output: '${media}/out.mp4', preset: 'veryslow' },
    segment: { mode: 'off' },
  });
  await eventually(() => expect(existsSync(join(media, `.ffmill-${id}`))).toBe(true), 20_000);
  dead.kill('SIGKILL');
  await farm.cancel(id);
  await farm.reaches(id, 'canceled');
  await eventually(async () => expect(await statusOf('dead')).toBe('offline'), LEASE_MS + 10_000);
  expect(await farm.names(media)).toEqual([`.ffmill-${id}`, 'in.mkv']);
  await startWorker('b');
  await eventually(async () => expect(await farm.names(media)).toEqual(['in.mkv']), 60_000);
}, 150_000);

test('the command names files by variable, and is told when no worker has it', async () => {
  makeTestClip(join(media, 'in.mkv'), { seconds: 1 });
  await startWorker('a');
  const bench = createBench();
  onTestFinished(() => bench.clear());
  const ffmill = (...args: string[]) => bench.run(args, { FFMILL_URL: farm.url });
  const { stdout } = await ffmill('submit', '--json', '${media}/in.mkv', '${media}/out.mp4');
  const { id } = JSON.parse(stdout);
  await farm.reaches(id, 'completed');
  expect(existsSync(join(media, 'out.mp4'))).toBe(true);
  const typo = JSON.parse((await ffmill('submit', '--json', '${medai}/in.mkv', '${media}/2.mp4')).stdout);
  expect((await ffmill('why', typo.id)).stdout).toContain('No worker that is online has ${medai}.');
});
