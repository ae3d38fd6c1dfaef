import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clip } from './support/clips.ts';
import { outputFolder } from './support/output-folder.ts';
import { runJob } from './support/run-job.ts';

const JOB = { profile: 'h264', encode: { preset: 'ultrafast' } } as const;

it.each([
  ['spaces', ' a b  .mp4'],
  ['quotes', `it's "quoted".mp4`],
  ['a newline', 'two\nlines.mp4'],
  ['a sequence pattern', 'frame-%03d.mp4'],
  ['a leading dash', '-i.mp4'],
  ['a protocol', 'http:127.0.0.1:9.mp4'],
  ['the words of other protocols', 'concat:a|subfile,,start,0,end,1,,:b.mp4'],
  ['filter syntax', 'a[0:v];b,c=d\\:e.mp4'],
  ['shell syntax', '$(touch x)`touch y`&;*?.mp4'],
  ['other alphabets', 'фильм-映画-🎬.mp4'],
  ['255 bytes', `${'n'.repeat(251)}.mp4`],
])('a name with %s is a name like any other, when it is cut too', async (_what, name) => {
  const folder = await outputFolder();
  const input = join(folder, name);
  await copyFile(await clip('h264-mp4.mp4'), input);
  const cut = await runJob({
    ...JOB,
    input,
    output: join(folder, name.replace(/mp4$/, 'mkv')),
    segment: { mode: 'fixed', seconds: 5 },
  });
  expect(cut.plan.unsplitReason).toBeNull();
  expect(cut.file.verification.frames).toBe(313);
});
