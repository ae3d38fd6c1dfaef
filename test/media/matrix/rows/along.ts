import { type Row, row } from '../row.ts';
import { source } from '../source.ts';

const MKV = { container: 'mkv' } as const;

/** What goes along beside picture and sound. */
export const ALONG: readonly Row[] = [
  row({ name: 'srt', source: source({ ...MKV, extras: ['srt'] }) }),
  row({ name: 'a font alone', source: source({ ...MKV, audio: [], extras: ['font', 'chapters', 'tags'] }), to: 'mkv' }),
  row({ name: 'ass and a font', source: source({ ...MKV, extras: ['ass', 'font'] }) }),
  row({
    name: 'srt, ass and a font, to mp4',
    source: source({ ...MKV, extras: ['srt', 'ass', 'font'] }),
    to: 'mp4',
    lost: ['font'],
  }),
  row({ name: 'mov_text', source: source({ extras: ['mov_text'] }) }),
  row({ name: 'mov_text, to mkv', source: source({ extras: ['mov_text'] }), to: 'mkv' }),
  row({ name: 'pgs', source: source({ ...MKV, extras: ['pgs'] }) }),
  row({ name: 'pgs, to mp4', source: source({ ...MKV, extras: ['pgs'] }), to: 'mp4', lost: ['pgs'] }),
  row({ name: 'chapters and tags, mp4', source: source({ extras: ['chapters', 'tags'] }) }),
  row({ name: 'chapters and tags, mkv', source: source({ ...MKV, extras: ['chapters', 'tags'] }) }),
  row({
    name: 'chapters without sound',
    source: source({ ...MKV, audio: [], extras: ['chapters', 'tags'] }),
    to: 'mp4',
  }),
  row({
    name: 'all of it',
    source: source({
      ...MKV,
      gop: 'open',
      audio: [
        { codec: 'aac', language: 'eng' },
        { codec: 'opus', language: 'deu' },
      ],
      extras: ['srt', 'ass', 'pgs', 'chapters', 'tags', 'font'],
    }),
  }),
];
