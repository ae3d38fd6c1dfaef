import { type Row, row } from '../row.ts';
import { source } from '../source.ts';

const HEVC = { video_codec: 'hevc', preset: 'ultrafast' } as const;
const BT2020 = 'colorprim=bt2020:colormatrix=bt2020nc';
const GROUPS = 'keyint=25:min-keyint=25:scenecut=0:bframes=3:log-level=error';
const MASTERING = 'master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)';
const HDR10 = `${GROUPS}:${BT2020}:transfer=smpte2084:hdr10=1:repeat-headers=1:${MASTERING}:max-cll=1000,400`;
const HLG = `${GROUPS}:${BT2020}:transfer=arib-std-b67`;
const tags = (transfer: string) => ['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc'];

/** Shapes and colors. */
export const PICTURES: readonly Row[] = [
  row({ name: 'turned by 90°', source: source({ after: 'rotate' }) }),
  row({ name: 'turned by 90°, to mkv', source: source({ after: 'rotate', gop: 'open' }), to: 'mkv' }),
  row({ name: 'oblong pixels', source: source({ filters: ['setsar=4/3'] }) }),
  row({
    name: 'oblong pixels, made smaller',
    source: source({ filters: ['setsar=16/11'], container: 'mkv' }),
    encode: { preset: 'ultrafast', width: 100, height: 64 },
  }),
  row({
    name: 'odd width and height',
    source: source({ codec: 'vp9', size: '127x71', container: 'webm', audio: [{ codec: 'opus' }] }),
    to: 'mkv',
  }),
  row({ name: 'a cover in mp4', source: source({ extras: ['cover'] }), lost: ['cover'] }),
  row({ name: 'a cover in mkv', source: source({ extras: ['cover'], container: 'mkv' }), lost: ['cover'] }),
  row({
    name: 'HDR10',
    source: source({ codec: 'hevc', pixels: 'yuv420p10le', options: ['-x265-params', HDR10, ...tags('smpte2084')] }),
    ...{ profile: 'hevc', encode: HEVC, lossless: HEVC },
  }),
  row({
    name: 'HDR10, mkv',
    source: source({
      ...{ codec: 'hevc', pixels: 'yuv420p10le', container: 'mkv' },
      options: ['-x265-params', HDR10, ...tags('smpte2084')],
    }),
    ...{ profile: 'hevc', encode: HEVC, lossless: HEVC },
  }),
  row({
    name: 'HLG',
    source: source({ codec: 'hevc', pixels: 'yuv420p10le', options: ['-x265-params', HLG, ...tags('arib-std-b67')] }),
    ...{ profile: 'hevc', encode: HEVC, lossless: HEVC },
  }),
  row({
    name: 'BT.709, full range',
    source: source({
      pixels: 'yuvj420p',
      options: ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'pc'],
    }),
    lost: ['color_range'], // becomes the limited range, which plays everywhere
  }),
];
