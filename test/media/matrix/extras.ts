import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ffmpeg } from '../support/ffmpeg.ts';
import { pgsStream } from './pgs.ts';
import type { Extra, SourceContainer } from './source.ts';

const TAGS = ';FFMETADATA1\ntitle=A film\nartist=Somebody\n';
const CHAPTERS = `[CHAPTER]
TIMEBASE=1/1000
START=0
END=1500
title=One
[CHAPTER]
TIMEBASE=1/1000
START=1500
END=4200
title=Two
`;
const SRT = '1\n00:00:01,000 --> 00:00:02,000\nHello\n\n2\n00:00:02,500 --> 00:00:04,000\nWorld\n';

/** Options that add what goes along: inputs, and what is mapped and set for the output. */
export type ExtraArgs = { readonly inputs: readonly string[]; readonly outputs: readonly string[] };

/** Writes the files that the extras are made of into `folder`; `firstInput` is the number of the next input. */
export async function extraArgs(
  extras: readonly Extra[],
  container: SourceContainer,
  folder: string,
  firstInput: number,
): Promise<ExtraArgs> {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const next = () => firstInput + inputs.filter((option) => option === '-i').length;
  const subtitles: { codec: string; language: string }[] = [];
  const subtitle = (path: string, codec: string, language: string) => {
    outputs.push('-map', `${next()}:s`);
    inputs.push('-i', path);
    subtitles.push({ codec, language });
  };
  const srt = join(folder, 's.srt');
  await writeFile(srt, SRT);
  for (const extra of extras) {
    if (extra === 'srt') subtitle(srt, 'srt', 'fra');
    if (extra === 'ass') subtitle(srt, 'ass', 'eng');
    if (extra === 'mov_text') subtitle(srt, 'mov_text', 'ita');
    if (extra === 'pgs') {
      const path = join(folder, 's.sup');
      await writeFile(path, pgsStream([1, 3.2]));
      subtitle(path, 'copy', 'spa');
    }
    if (extra === 'font') {
      const path = join(folder, 'font.ttf');
      await writeFile(path, 'not really a font');
      outputs.push('-attach', path, '-metadata:s:t', 'mimetype=application/x-truetype-font');
    }
    if (extra === 'cover') {
      const path = join(folder, 'cover.jpg');
      await ffmpeg('-f', 'lavfi', '-i', 'color=red:s=32x32:d=1', '-frames:v', '1', '-y', path);
      if (container === 'mkv') outputs.push('-attach', path, '-metadata:s:t', 'mimetype=image/jpeg');
      else {
        outputs.push('-map', `${next()}:v`, '-c:v:1', 'copy', '-disposition:v:1', 'attached_pic');
        inputs.push('-i', path);
      }
    }
  }
  if (extras.includes('chapters') || extras.includes('tags')) {
    const path = join(folder, 'meta.txt');
    await writeFile(path, `${TAGS}${extras.includes('chapters') ? CHAPTERS : ''}`);
    outputs.push('-map_metadata', String(next()), '-map_chapters', String(next()));
    inputs.push('-f', 'ffmetadata', '-i', path);
  }
  for (const [index, { codec, language }] of subtitles.entries())
    outputs.push(`-c:s:${index}`, codec, `-metadata:s:s:${index}`, `language=${language}`);
  return { inputs, outputs };
}
