import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clip } from './support/clips.ts';
import { ffmpeg, ffprobe } from './support/ffmpeg.ts';
import { outputFolder } from './support/output-folder.ts';
import { runJob } from './support/run-job.ts';

const TAGS = `;FFMETADATA1
title=A film
[CHAPTER]
TIMEBASE=1/1000
START=0
END=7000
title=One
[CHAPTER]
TIMEBASE=1/1000
START=7000
END=12500
title=Two
`;
const SUBTITLES = '1\n00:00:01,000 --> 00:00:03,000\nHello\n\n2\n00:00:09,500 --> 00:00:11,000\nWorld\n';

/** Two languages of sound, subtitles, chapters, tags and an attached file. */
async function richClip(folder: string): Promise<string> {
  const [tags, subtitles, attached] = ['tags.txt', 's.srt', 'font.ttf'].map((name) => join(folder, name));
  await writeFile(String(tags), TAGS);
  await writeFile(String(subtitles), SUBTITLES);
  await writeFile(String(attached), 'not really a font');
  const path = join(folder, 'rich.mkv');
  await ffmpeg(
    ...['-i', await clip('h264-film.mkv'), '-i', String(tags), '-i', String(subtitles)],
    ...[
      '-map',
      '0:v',
      '-map',
      '0:a',
      '-map',
      '0:a',
      '-map',
      '2',
      '-map_metadata',
      '1',
      '-map_chapters',
      '1',
      '-c',
      'copy',
    ],
    ...['-metadata:s:v:0', 'title=Picture', '-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=deu'],
    ...['-metadata:s:a:1', 'title=Comments', '-metadata:s:s:0', 'language=fra', '-disposition:a:1', 'comment'],
    ...['-attach', String(attached), '-metadata:s:t', 'mimetype=application/x-truetype-font', path],
  );
  return path;
}

const LOOK = [
  ...['-of', 'compact=nk=0:p=0', '-show_entries'],
  'stream=codec_type,codec_name:stream_tags=language,title:stream_disposition=comment:chapter=start_time,end_time:chapter_tags=title:format_tags=title',
];

it('chapters, tags, languages, subtitles and attachments survive the cutting in Matroska', async () => {
  const folder = await outputFolder();
  const input = await richClip(folder);
  const { path } = await runJob({
    input,
    output: join(folder, 'o.mkv'),
    profile: 'lossless',
    segment: { mode: 'fixed', seconds: 2 },
  });
  expect((await ffprobe(...LOOK, path)).split('\n')).toEqual((await ffprobe(...LOOK, input)).split('\n'));
  expect(await ffmpeg('-i', path, '-map', '0:s', '-f', 'srt', '-')).toBe(`${SUBTITLES}\n`);
});

it('what MP4 can hold survives in MP4, subtitles as its own kind of text', async () => {
  const folder = await outputFolder();
  const input = await richClip(folder);
  const { path } = await runJob({
    input,
    output: join(folder, 'o.mp4'),
    profile: 'lossless',
    segment: { mode: 'fixed', seconds: 2 },
  });
  const found = await ffprobe(...LOOK, path);
  expect(found).toContain('codec_name=mov_text|codec_type=subtitle|disposition:comment=0|tag:language=fra');
  expect(found).toContain('codec_name=ac3|codec_type=audio|disposition:comment=1|tag:language=deu');
  expect(found).toContain('start_time=7.000000|end_time=12.500000|tag:title=Two');
  expect(found).toContain('tag:title=A film');
  expect(await ffmpeg('-i', path, '-map', '0:s', '-f', 'srt', '-')).toBe(`${SUBTITLES}\n`);
});

it('a turned picture is turned upright once and its box is that of the picture as shown', async () => {
  const folder = await outputFolder();
  const input = join(folder, 'turned.mp4');
  await ffmpeg('-i', await clip('h264-mp4.mp4'), '-c', 'copy', '-metadata:s:v:0', 'rotate=90', input);
  const job = { input, profile: 'h264', encode: { preset: 'ultrafast', width: 100, height: 96 } };
  const { path, probe } = await runJob({
    ...job,
    output: join(folder, 'o.mp4'),
    segment: { mode: 'fixed', seconds: 2 },
  });
  expect(probe.media.streams[0]).toMatchObject({ width: 192, height: 108, rotation: 270 });
  const look = await ffprobe('-of', 'csv=p=0', '-select_streams', 'v:0', '-show_entries', 'stream=width,height', path);
  expect(look.trim()).toBe('54,96');
});
