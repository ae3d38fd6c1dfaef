import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { median } from './median.ts';

const ROUNDS = 5;
const SECONDS = 60;
const SEGMENT_SECONDS = 10;
const VIDEO = ['-c:v', 'libx264', '-preset', 'medium', '-crf', '21', '-pix_fmt', 'yuv420p'];
const AUDIO = ['-c:a', 'aac', '-b:a', '160k'];
const QUIET = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y'];

/**
 * What does the mill cost? The same clip to the same settings by `ffmill transcode` (cut, encode, sound, join, verify,
 * publish) and by the two plain ways: one FFmpeg with its default threads, and `xargs -P` over the same segments
 * with a join by the concat demuxer. Rounds alternate; the ratio is against the faster plain way of the same round.
 */
export async function benchMedia(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ffmill-bench-'));
  try {
    const clip = await makeClip(folder);
    const rounds: Record<'one' | 'xargs' | 'ffmill', number>[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const one = await timed(() => oneProcess(clip, join(folder, 'one.mp4')));
      const xargs = await timed(() => byXargs(clip, folder));
      const ffmill = await timed(() => byFfmill(clip, join(folder, 'ffmill.mp4'), folder));
      rounds.push({ one, xargs, ffmill });
      console.log(
        `round ${round + 1}: one ffmpeg ${one.toFixed(1)} s, xargs ${xargs.toFixed(1)} s, ffmill ${ffmill.toFixed(1)} s, ratio ${ratio({ one, xargs, ffmill }).toFixed(3)}`,
      );
    }
    const ratios = rounds.map(ratio);
    console.log(
      `ffmill / fastest plain way: median ${median(ratios).toFixed(3)} (${Math.min(...ratios).toFixed(3)} … ${Math.max(...ratios).toFixed(3)}) of ${ROUNDS}`,
    );
    console.log(
      `bytes: one ffmpeg ${await size(folder, 'one.mp4')}, xargs ${await size(folder, 'xargs.mp4')}, ffmill ${await size(folder, 'ffmill.mp4')}`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ratio({ one, xargs, ffmill }: { one: number; xargs: number; ffmill: number }): number {
  return ffmill / Math.min(one, xargs);
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await action();
  return (performance.now() - begun) / 1000;
}

async function size(folder: string, name: string): Promise<number> {
  return (await stat(join(folder, name))).size;
}

/** Motion and a changing picture; a keyframe every 2 s, as cameras and streaming services make them. */
async function makeClip(folder: string): Promise<string> {
  const clip = join(folder, 'clip.mp4');
  const video = `testsrc2=size=1280x720:rate=30:duration=${SECONDS}`;
  const sound = `sine=frequency=440:beep_factor=4:sample_rate=48000:duration=${SECONDS}`;
  await execa('ffmpeg', [
    ...QUIET,
    '-f',
    'lavfi',
    '-i',
    video,
    '-f',
    'lavfi',
    '-i',
    sound,
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-crf',
    '18',
    '-g',
    '60',
    '-pix_fmt',
    'yuv420p',
    ...AUDIO,
    clip,
  ]);
  return clip;
}

async function oneProcess(clip: string, output: string): Promise<void> {
  await execa('ffmpeg', [...QUIET, '-i', clip, ...VIDEO, ...AUDIO, '-movflags', '+faststart', output]);
}

/** What a careful person would write by hand: one encoder thread for each core, the sound once, the join a copy. */
async function byXargs(clip: string, folder: string): Promise<void> {
  const parts = join(folder, 'parts');
  await mkdir(parts, { recursive: true });
  const starts = Array.from({ length: SECONDS / SEGMENT_SECONDS }, (_, index) => index * SEGMENT_SECONDS);
  const cores = String(availableParallelism());
  const encode = [
    'ffmpeg',
    ...QUIET,
    '-ss',
    '{}',
    '-t',
    String(SEGMENT_SECONDS),
    '-i',
    clip,
    '-an',
    ...VIDEO,
    '-threads',
    '1',
    join(parts, '{}.mp4'),
  ];
  const sound = execa('ffmpeg', [...QUIET, '-i', clip, '-vn', ...AUDIO, join(parts, 'sound.m4a')]);
  await execa('xargs', ['-P', cores, '-I', '{}', ...encode], { input: `${starts.join('\n')}\n` });
  await sound;
  await writeFile(join(parts, 'list.txt'), starts.map((start) => `file '${start}.mp4'\n`).join(''));
  const join_ = [
    '-f',
    'concat',
    '-i',
    join(parts, 'list.txt'),
    '-i',
    join(parts, 'sound.m4a'),
    '-map',
    '0:v',
    '-map',
    '1:a',
    '-c',
    'copy',
    '-movflags',
    '+faststart',
  ];
  await execa('ffmpeg', [...QUIET, ...join_, join(folder, 'xargs.mp4')]);
}

async function byFfmill(clip: string, output: string, folder: string): Promise<void> {
  const env = { FFMILL_DATA_DIR: join(folder, 'state'), FFMILL_URL: '' };
  await execa('bin/ffmill.mjs', ['transcode', clip, output, '--profile', 'h264', '--overwrite', '--json'], { env });
}
