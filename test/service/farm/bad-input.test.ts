import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, linkSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobRequestInput } from '../../../shared/wire/jobs.ts';
import { overwriteLastThird } from '../../support/damage.ts';
import { eventually } from '../../support/eventually.ts';
import { ffmpegProcesses } from '../../support/ffmpeg-processes.ts';
import { RealFarm } from '../../support/real-farm.ts';
import { makeTestClip } from '../../support/test-clip.ts';

let farm: RealFarm;
const endings: (() => Promise<void>)[] = [];
let outputs = 0;

beforeAll(async () => {
  farm = await RealFarm.start((action) => endings.unshift(action));
  await farm.startWorker('a');
  await makeFiles();
}, 60_000);
afterAll(async () => {
  for (const end of endings) await end();
});

async function makeFiles(): Promise<void> {
  makeTestClip(farm.path('good.mp4'), { seconds: 6 });
  mkdirSync(farm.path('folder.mp4'));
  writeFileSync(farm.path('empty.mp4'), '');
  writeFileSync(farm.path('text.mp4'), 'This is not a film.\n'.repeat(100));
  writeFileSync(farm.path('concat.mp4'), "ffconcat version 1.0\nfile 'good.mp4'\n");
  copyFileSync(farm.path('good.mp4'), farm.path('no-moov.mp4'));
  truncateSync(farm.path('no-moov.mp4'), Math.floor(readFileSync(farm.path('good.mp4')).length / 2));
  ffmpeg('-i', farm.path('good.mp4'), '-c', 'copy', '-movflags', '+faststart', farm.path('garbage.mp4'));
  await overwriteLastThird(farm.path('garbage.mp4'));
  ffmpeg('-i', farm.path('good.mp4'), '-c', 'copy', farm.path('garbage.mkv'));
  await overwriteLastThird(farm.path('garbage.mkv'));
  ffmpeg('-i', farm.path('good.mp4'), '-vn', '-c', 'copy', farm.path('sound.m4a'));
  writeFileSync(farm.path('taken.mp4'), 'somebody else’s');
  linkSync(farm.path('good.mp4'), farm.path('same-inode.mp4'));
}

function ffmpeg(...args: string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args]);
}

/** The file names of a folder, with the contents of those that are not to change. */
async function snapshot() {
  return { names: await farm.names(farm.folder), taken: readFileSync(farm.path('taken.mp4'), 'utf8') };
}

const relevant = (names: readonly string[]) =>
  names.filter((name) => !name.startsWith('ffmill.sqlite') && !name.startsWith('worker-') && name !== 'scratch');

async function expectFailure(request: Partial<JobRequestInput>, code: string, fault: string): Promise<void> {
  const before = await snapshot();
  outputs += 1;
  const id = await farm.submit({
    input: farm.path('good.mp4'),
    output: farm.path(`out-${outputs}.mp4`),
    retry_attempts: 0,
    ...request,
  });
  const job = await farm.reaches(id, 'failed', 20_000);
  expect(job.error).toMatchObject({ code, fault });
  expect(job.error?.message.length).toBeGreaterThan(10);
  await eventually(async () => {
    const after = await snapshot();
    expect(relevant(after.names)).toEqual(relevant(before.names));
    expect(after.taken).toBe(before.taken);
    expect(await farm.names(farm.scratch)).toEqual([]);
    expect(ffmpegProcesses(farm.folder)).toEqual([]);
  }, 6_000);
}

test.each([
  ['a missing file', 'missing.mp4', 'input_missing'],
  ['a folder', 'folder.mp4', 'input_not_a_file'],
  ['an empty file', 'empty.mp4', 'input_empty'],
  ['a text file named .mp4', 'text.mp4', 'input_not_media'],
  ['a concat script named .mp4', 'concat.mp4', 'input_not_media'],
  ['an mp4 cut off before its index', 'no-moov.mp4', 'input_truncated'],
  ['an mp4 whose last third is garbage', 'garbage.mp4', 'input_corrupt'],
  ['an mkv whose last third is garbage', 'garbage.mkv', 'input_corrupt'],
  ['a file without a picture', 'sound.m4a', 'no_video_stream'],
])('%s is refused as the input’s fault', async (_, name, code) => {
  await expectFailure({ input: farm.path(name) }, code, 'input');
});

test('an mp4 whose last third is garbage is refused when it is cut into segments too', async () => {
  await expectFailure(
    { input: farm.path('garbage.mp4'), segment: { mode: 'fixed', seconds: 2 } },
    'input_corrupt',
    'input',
  );
});

test('a device is refused as no file', async () => {
  await expectFailure({ input: '/dev/zero' }, 'input_not_a_file', 'input');
});

test('an output that exists is not touched', async () => {
  await expectFailure({ output: farm.path('taken.mp4') }, 'output_exists', 'request');
});

test('an output in a folder that does not exist makes no folder', async () => {
  await expectFailure({ output: farm.path('nowhere/out.mp4') }, 'output_directory_missing', 'request');
});

test('an output that names a folder is refused', async () => {
  await expectFailure({ output: farm.path('folder.mp4'), overwrite: true }, 'output_not_a_file', 'request');
});

test('an output that is the input under another name is refused, even with overwrite', async () => {
  await expectFailure({ output: farm.path('same-inode.mp4'), overwrite: true }, 'same_file', 'request');
});

test('an encoder’s refusal of its options is the request’s fault', async () => {
  await expectFailure({ preset: 'nosuchpreset' }, 'invalid_options', 'request');
});

test('sound alone from a file without sound is refused', async () => {
  ffmpeg('-i', farm.path('good.mp4'), '-an', '-c', 'copy', farm.path('silent.mp4'));
  await expectFailure(
    { input: farm.path('silent.mp4'), output: farm.path('sound-of-silence.m4a'), profile: 'audio' },
    'no_audio_stream',
    'input',
  );
});

test('a read-only folder of the output is found before anything is encoded', async () => {
  // Root may write anywhere but on a file system that is mounted read-only.
  mkdirSync(farm.path('locked'));
  const asRoot = process.getuid?.() === 0;
  if (asRoot) execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', farm.path('locked')]);
  else chmodSync(farm.path('locked'), 0o500);
  try {
    await expectFailure({ output: farm.path('locked/out.mp4') }, 'output_not_writable', 'storage');
  } finally {
    if (asRoot) execFileSync('umount', [farm.path('locked')]);
  }
});
