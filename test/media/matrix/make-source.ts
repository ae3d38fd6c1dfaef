import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ffmpeg } from '../support/ffmpeg.ts';
import { makeOnce } from '../support/make-once.ts';
import { pictureArgs, pictureInput, soundArgs, soundInput } from './encode-args.ts';
import { extraArgs } from './extras.ts';
import type { After, Source } from './source.ts';

/** Made once and kept, under a name that changes with the recipe. */
export const FOLDER = join(tmpdir(), 'ffmill-test-matrix-5');

/** The path of a source, which is made when it is not there yet. */
export function makeSource(source: Source, kept = FOLDER): Promise<string> {
  const name = createHash('sha256').update(JSON.stringify(source)).digest('hex').slice(0, 16);
  return makeOnce(join(kept, `${name}.${source.container}`), async (unfinished) => {
    const folder = dirname(unfinished);
    if (source.after === null) return encode(source, folder, unfinished);
    const encoded = join(folder, `encoded.${source.container}`);
    await encode(source, folder, encoded);
    return AFTER[source.after](encoded, unfinished);
  });
}

async function encode(source: Source, folder: string, output: string): Promise<void> {
  const { audio, extras, container } = source;
  const extra = await extraArgs(extras, container, folder, 1 + audio.length);
  await ffmpeg(
    ...pictureInput(source),
    ...audio.flatMap((sound) => soundInput(sound, source.seconds)),
    ...extra.inputs,
    ...['-map', '0:v', ...audio.flatMap((_, index) => ['-map', `${index + 1}:a`])],
    ...pictureArgs(source),
    ...audio.flatMap(soundArgs),
    ...extra.outputs,
    ...['-threads', '1', output],
  );
}

/** All but the track that MP4 and MOV make of chapters, which they make anew. */
const COPY = ['-map', '0', '-map', '-0:d?', '-c', 'copy', '-strict', 'experimental'];
/** MPEG-TS counts 1/90000 s in 33 bits. */
const WRAP_SECONDS = 2 ** 33 / 90_000;

/** Its header comes before all packets, unless delayed: it then says what of the first ones is shown. */
const FRAGMENTS = ['-movflags', '+frag_keyframe+empty_moov'];

const AFTER: Readonly<Record<After, (input: string, output: string) => Promise<unknown>>> = {
  'edit-list': (input, output) => ffmpeg('-ss', '0.7', '-i', input, ...COPY, output),
  'start-offset': (input, output) => ffmpeg('-i', input, ...COPY, '-output_ts_offset', '1.25', output),
  late: (input, output) => ffmpeg('-i', input, ...COPY, '-output_ts_offset', '3600', output),
  wrap: (input, output) => ffmpeg('-i', input, ...COPY, '-output_ts_offset', String(WRAP_SECONDS - 4), output),
  rotate: (input, output) => ffmpeg('-i', input, ...COPY, '-metadata:s:v:0', 'rotate=90', output),
  fragments: (input, output) => ffmpeg('-i', input, ...COPY, ...FRAGMENTS, output),
  'fragments-edited': (input, output) => ffmpeg('-i', input, ...COPY, ...FRAGMENTS, '-movflags', '+delay_moov', output),
  'mid-gop': (input, output) => ffmpeg('-i', input, ...COPY, '-copyinkf', '-bsf:v', DROP_FIRST, output),
  twice: (input, output) => ffmpeg('-i', input, ...COPY, '-bsf:v', TWICE, output),
  jump: async (input, output) => {
    const cut = ['-f', 'segment', '-segment_times', '3', '-segment_format', 'mpegts'];
    await ffmpeg('-i', input, ...COPY, ...cut, `${output}.%d`);
    await ffmpeg('-i', `${output}.1`, ...COPY, '-output_ts_offset', '500', '-f', 'mpegts', `${output}.late`);
    await writeFile(output, Buffer.concat([await readFile(`${output}.0`), await readFile(`${output}.late`)]));
  },
};

/** Without its first keyframe a recording begins in the middle of a group of pictures. */
const DROP_FIRST = String.raw`noise=drop=lt(n\,5)`;

/** Frame 40 is shown at the moment of the one before it. */
const TWICE = String.raw`setts=pts=if(eq(N\,40)\,PREV_OUTPTS\,PTS):dts=DTS`;
