import { type Row, row } from '../row.ts';
import { source } from '../source.ts';

const NO_KEYFRAMES = 'no keyframes to cut at';

/** How pictures depend on each other. */
export const GROUPS: readonly Row[] = [
  row({ name: 'h264, open groups, mp4', source: source({ gop: 'open' }) }),
  row({
    name: 'h264, open groups, mkv',
    source: source({ gop: 'open', container: 'mkv', audio: [{ codec: 'opus' }] }),
  }),
  row({ name: 'hevc, open groups', source: source({ codec: 'hevc', gop: 'open' }), to: 'mkv' }),
  row({ name: 'hevc, closed groups', source: source({ codec: 'hevc', container: 'mkv' }), to: 'mp4' }),
  row({ name: 'one keyframe only', source: source({ gop: 'long' }), whole: NO_KEYFRAMES }),
  row({ name: 'keyframes only', source: source({ gop: 'intra' }) }),
  row({ name: 'slow refresh', source: source({ gop: 'refresh', container: 'mkv' }), whole: NO_KEYFRAMES }),
];

const INTERLACED = ['-flags', '+ilme+ildct', '-top', '1'];

/** Codecs and formats of the picture. */
export const CODECS: readonly Row[] = [
  row({ name: 'mpeg2, mkv', source: source({ codec: 'mpeg2', gop: 'open', container: 'mkv' }) }),
  row({
    name: 'mpeg2, interlaced',
    source: source({ codec: 'mpeg2', container: 'ts', rate: '50', filters: ['interlace'], options: INTERLACED }),
    whole: 'interlaced',
  }),
  row({
    name: 'mpeg2, telecine',
    source: source({
      ...{ codec: 'mpeg2', container: 'mkv', rate: '24000/1001' },
      ...{ filters: ['telecine=pattern=23'], options: INTERLACED },
    }),
    whole: 'interlaced',
  }),
  row({
    name: 'h264, interlaced',
    source: source({ rate: '50', filters: ['interlace'], options: ['-flags', '+ildct+ilme'] }),
    whole: 'interlaced',
  }),
  row({ name: 'mpeg4', source: source({ codec: 'mpeg4' }) }),
  row({ name: 'vp8', source: source({ codec: 'vp8', container: 'webm', audio: [{ codec: 'vorbis' }] }), to: 'mkv' }),
  row({ name: 'vp9', source: source({ codec: 'vp9', container: 'webm', audio: [{ codec: 'opus' }] }) }),
  row({
    name: 'vp9, to mp4',
    source: source({ codec: 'vp9', container: 'webm', audio: [{ codec: 'opus' }] }),
    to: 'mp4',
  }),
  row({ name: 'av1, mkv', source: source({ codec: 'av1', container: 'mkv', audio: [{ codec: 'opus' }] }), to: 'mp4' }),
  row({ name: 'av1, mp4', source: source({ codec: 'av1' }), to: 'mkv' }),
  row({
    name: 'prores',
    source: source({ codec: 'prores', container: 'mov', pixels: 'yuv422p10le', audio: [{ codec: 'pcm' }] }),
  }),
  row({
    name: 'mjpeg',
    source: source({ codec: 'mjpeg', container: 'mov', pixels: 'yuvj420p' }),
    ...{ to: 'mkv', lost: ['color_range'] },
  }),
  row({ name: 'ffv1', source: source({ codec: 'ffv1', container: 'mkv', audio: [{ codec: 'flac' }] }) }),
  row({ name: 'h264, 10 bits of 4:2:2', source: source({ container: 'mkv', pixels: 'yuv422p10le' }) }),
  row({ name: 'hevc, 10 bits', source: source({ codec: 'hevc', pixels: 'yuv420p10le' }), to: 'mkv' }),
];
