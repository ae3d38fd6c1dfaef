import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clip } from './support/clips.ts';
import { ffmpeg } from './support/ffmpeg.ts';
import { outputFolder } from './support/output-folder.ts';
import { runJob } from './support/run-job.ts';

async function damaged(folder: string, extension: 'mp4' | 'mkv', damage: (bytes: Buffer) => Buffer): Promise<string> {
  const source = await clip(extension === 'mp4' ? 'h264-mp4.mp4' : 'h264-film.mkv');
  const whole = join(folder, `whole.${extension}`);
  await ffmpeg('-i', source, '-c', 'copy', ...(extension === 'mp4' ? ['-movflags', '+faststart'] : []), whole);
  const path = join(folder, `damaged.${extension}`);
  await writeFile(path, damage(await readFile(whole)));
  return path;
}

const lastThird = (bytes: Buffer) => Math.floor((bytes.length * 2) / 3);
const cutOff = (bytes: Buffer) => bytes.subarray(0, lastThird(bytes));
const garbage = (bytes: Buffer) => Buffer.concat([cutOff(bytes), randomBytes(bytes.length - lastThird(bytes))]);

describe('an input that ends before its header says', () => {
  it.each([
    ['mp4', 'cut off', cutOff],
    ['mp4', 'garbage', garbage],
    ['mkv', 'cut off', cutOff],
    ['mkv', 'garbage', garbage],
  ] as const)('%s whose last third is %s is called damaged, cut or whole', async (extension, _what, damage) => {
    const folder = await outputFolder();
    const input = await damaged(folder, extension, damage);
    const job = { input, output: join(folder, `out.${extension}`), profile: 'h264', encode: { preset: 'ultrafast' } };
    const segments = [{ mode: 'fixed', seconds: 2 }, { mode: 'off' }] as const;
    for (const segment of segments)
      await expect(runJob({ ...job, segment })).rejects.toMatchObject({ code: 'input_corrupt' });
    expect((await readdir(folder)).filter((name) => name.startsWith('.ffmill'))).toEqual([]);
  });
});

it('an input that is written to while it is encoded is told from the one that was probed', async () => {
  const folder = await outputFolder();
  const input = join(folder, 'in.mp4');
  await writeFile(input, await readFile(await clip('h264-mp4.mp4')));
  const { mtimeMs } = await stat(input);
  const job = { input, output: join(folder, 'out.mp4'), profile: 'h264', encode: { preset: 'ultrafast' } };
  const touch = () => utimes(input, new Date(), new Date(mtimeMs + 5000));
  await expect(runJob({ ...job, afterProbe: touch })).rejects.toMatchObject({ code: 'input_changed' });
});
