import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { ffmpegProcesses } from '../../support/ffmpeg-processes.ts';
import { RealFarm } from '../../support/real-farm.ts';
import { countFrames, makeTestClip } from '../../support/test-clip.ts';

/** A folder that holds so little. Mounting is root's right; others may run the suite with sudo. */
function smallFolder(path: string, size: string): void {
  mkdirSync(path);
  const [command = 'mount', ...sudo] = process.getuid?.() === 0 ? ['mount'] : ['sudo', '-n', 'mount'];
  execFileSync(command, [...sudo, '-t', 'tmpfs', '-o', `size=${size},mode=1777`, 'tmpfs', path]);
  onTestFinished(() => {
    const [undo = 'umount', ...words] = process.getuid?.() === 0 ? ['umount'] : ['sudo', '-n', 'umount'];
    execFileSync(undo, [...words, '-l', path]);
  });
}

const REQUEST = {
  video_codec: 'h264',
  crf: 1,
  preset: 'ultrafast',
  segment: { mode: 'fixed' as const, seconds: 2 },
  retry_delay_seconds: 0,
};

async function expectNothingLeft(farm: RealFarm, ...folders: string[]): Promise<void> {
  await eventually(async () => {
    for (const folder of folders) expect(await farm.names(folder)).toEqual([]);
    expect(ffmpegProcesses(farm.folder)).toEqual([]);
  }, 10_000);
}

test('a full scratch folder fails the job as the storage’s fault, and leaves nothing', async () => {
  const farm = await RealFarm.start();
  makeTestClip(farm.path('in.mp4'), { seconds: 8, size: '960x540' });
  smallFolder(farm.scratch, '256k');
  await farm.startWorker('a');
  const id = await farm.submit({
    ...REQUEST,
    input: farm.path('in.mp4'),
    output: farm.path('out.mp4'),
    retry_attempts: 0,
  });
  const job = await farm.reaches(id, 'failed');
  expect(job.error).toMatchObject({ code: 'disk_full', fault: 'storage' });
  await expectNothingLeft(farm, farm.scratch);
});

test('a full output folder fails the job as the storage’s fault, and leaves nothing', async () => {
  const farm = await RealFarm.start();
  makeTestClip(farm.path('in.mp4'), { seconds: 8, size: '960x540' });
  smallFolder(farm.path('small'), '1m');
  await farm.startWorker('a');
  const id = await farm.submit({
    ...REQUEST,
    input: farm.path('in.mp4'),
    output: farm.path('small/out.mp4'),
    retry_attempts: 0,
  });
  const job = await farm.reaches(id, 'failed');
  expect(job.error).toMatchObject({ code: 'disk_full', fault: 'storage' });
  await expectNothingLeft(farm, farm.path('small'), farm.scratch);
});

test('room made while a job is being tried again lets it complete, with its finished segments kept', async () => {
  const farm = await RealFarm.start();
  makeTestClip(farm.path('in.mp4'), { seconds: 8, size: '960x540' });
  smallFolder(farm.path('small'), '40m');
  writeFileSync(farm.path('small/ballast'), Buffer.alloc(39 * 1024 * 1024));
  await farm.startWorker('a');
  const id = await farm.submit({
    ...REQUEST,
    input: farm.path('in.mp4'),
    output: farm.path('small/out.mp4'),
    retry_attempts: 50,
    retry_delay_seconds: 1,
  });
  await eventually(
    async () => expect((await farm.tasks(id, 'assemble'))[0]?.error).toMatchObject({ code: 'disk_full' }),
    30_000,
  );
  rmSync(farm.path('small/ballast'));
  await farm.reaches(id, 'completed');
  expect(countFrames(farm.path('small/out.mp4'))).toBe(200);
  for (const segment of await farm.tasks(id, 'segment')) expect(segment.attempts).toHaveLength(1);
});
