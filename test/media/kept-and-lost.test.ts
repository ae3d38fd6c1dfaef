import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeSource } from './matrix/make-source.ts';
import { source } from './matrix/source.ts';
import { clip } from './support/clips.ts';
import { ffmpeg, ffprobe } from './support/ffmpeg.ts';
import { outputFolder } from './support/output-folder.ts';
import { runJob } from './support/run-job.ts';

// Rows of docs/kept-and-lost.md that no other test looks at.

const LOOK = [
  ...['-of', 'compact=p=0:nk=1', '-show_entries'],
  'stream=codec_type:stream_tags=timecode,title:stream_disposition=attached_pic',
];

/** A picture with a time code, a second picture, a cover and the track of the time code. */
async function richFilm(folder: string): Promise<string> {
  const path = join(folder, 'in.mp4');
  const cover = ['-f', 'lavfi', '-i', 'color=red:s=64x64:d=0.04:r=25'];
  const source = await clip('h264-mp4.mp4');
  await ffmpeg(
    ...['-i', source, ...cover, '-map', '0:v', '-map', '0:a', '-map', '0:v', '-map', '1:v', '-c', 'copy'],
    ...['-c:v:2', 'mjpeg', '-disposition:v:2', 'attached_pic', '-timecode', '01:00:00:00', path],
  );
  return path;
}

it('of several pictures the first is kept, and the time code only in one piece', async () => {
  const folder = await outputFolder();
  const input = await richFilm(folder);
  expect((await ffprobe(...LOOK, input)).match(/^video/gm)?.length).toBe(3);
  const job = { input, output: join(folder, 'o.mov'), profile: 'h264', encode: { preset: 'ultrafast' } };
  const cut = await ffprobe(...LOOK, (await runJob({ ...job, segment: { mode: 'fixed', seconds: 2 } })).path);
  const whole = await ffprobe(...LOOK, (await runJob({ ...job, segment: { mode: 'off' } })).path);
  expect(cut.match(/^video/gm)?.length).toBe(1);
  expect(whole.match(/^video/gm)?.length).toBe(1);
  expect(cut).not.toContain('01:00:00:00');
  expect(whole).toContain('01:00:00:00');
});

it('sound alone from an AVI in which it pauses is taken only from who accepts damage', async () => {
  const folder = await outputFolder();
  const input = await makeSource(source({ container: 'avi', codec: 'mpeg4', audio: [{ codec: 'mp3', late: 1.25 }] }));
  const job = { input, profile: 'audio', encode: { audio_codec: 'mp3' } } as const;
  await expect(runJob({ ...job, output: join(folder, 'fail.mp3') })).rejects.toMatchObject({ code: 'input_corrupt' });
  const { file } = await runJob({ ...job, output: join(folder, 'conceal.mp3'), onError: 'conceal' });
  expect(file.verification.damage).toMatchObject([{ type: 'audio', stream: null }]);
});
