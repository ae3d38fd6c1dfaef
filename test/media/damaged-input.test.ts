import { randomBytes } from 'node:crypto';
import { appendFile, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
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

describe('a transport stream that lost packets on its way', () => {
  it.each(['h264-mp4.mp4', 'mpeg2.ts', 'hevc.mp4'] as const)(
    'as %s has them is called damaged, cut or whole',
    async (name) => {
      const folder = await outputFolder();
      const input = join(folder, 'in.ts');
      await ffmpeg('-i', await clip(name), '-c', 'copy', input);
      await writeFile(input, withoutPackets(await readFile(input)));
      const job = { input, output: join(folder, 'out.mp4'), profile: 'h264', encode: { preset: 'ultrafast' } };
      for (const segment of [{ mode: 'fixed', seconds: 2 }, { mode: 'off' }] as const)
        await expect(runJob({ ...job, segment })).rejects.toMatchObject({ code: 'input_corrupt' });
    },
  );
});

/** A burst of 20 packets is gone from the middle. */
function withoutPackets(bytes: Buffer): Buffer {
  const middle = 188 * Math.floor(bytes.length / 188 / 2);
  return Buffer.concat([bytes.subarray(0, middle), bytes.subarray(middle + 20 * 188)]);
}

describe('an input that is no longer the one that was probed', () => {
  it.each<[string, (input: string, modified: Date) => Promise<void>]>([
    ['was written to', (input, modified) => utimes(input, new Date(), new Date(modified.getTime() + 5000))],
    ['has grown', (input) => appendFile(input, 'more')],
    ['was replaced by one of the same size and time', replaceInPlace],
  ])('%s', async (_what, afterProbe) => {
    for (const segment of [{ mode: 'fixed', seconds: 5 }, { mode: 'off' }] as const) {
      const folder = await outputFolder();
      const input = join(folder, 'in.mp4');
      await writeFile(input, await readFile(await clip('h264-mp4.mp4')));
      const { mtime } = await stat(input);
      const job = { input, output: join(folder, 'out.mp4'), profile: 'h264', encode: { preset: 'ultrafast' }, segment };
      const failed = runJob({ ...job, afterProbe: () => afterProbe(input, mtime) });
      await expect(failed).rejects.toMatchObject({ code: 'input_changed' });
      expect(await readdir(folder)).toEqual(['in.mp4']);
    }
  });
});

/** The tags at the end say something else. */
async function replaceInPlace(input: string, modified: Date): Promise<void> {
  const bytes = await readFile(input);
  bytes.write('LAVF', bytes.lastIndexOf('Lavf'));
  const other = `${input}.new`;
  await writeFile(other, bytes);
  await utimes(other, modified, modified);
  await rename(other, input);
}
