import { type Row, row } from '../row.ts';
import { source } from '../source.ts';

const NO_KEYFRAMES = 'no keyframes to cut at';
const MINUTE = { seconds: 64, size: '160x90', options: ['-crf', '18'] } as const;

/** From one frame to two hours, and long enough for what seams cost. */
export const LENGTHS: readonly Row[] = [
  row({ name: 'one frame', source: source({ seconds: 0.04, audio: [] }), whole: NO_KEYFRAMES }),
  row({ name: '0.2 s', source: source({ seconds: 0.2 }), whole: NO_KEYFRAMES }),
  row({ name: '0.2 s, ts', source: source({ seconds: 0.2, container: 'ts' }), whole: NO_KEYFRAMES }),
  row({
    name: 'two hours',
    source: source({
      ...{ container: 'mkv', seconds: 7200, rate: '2/3', size: '96x54' },
      audio: [{ codec: 'flac', sampleRate: 8000, channels: 1 }],
    }),
    segmentSeconds: 1200,
    encode: { preset: 'ultrafast', audio_codec: 'flac', audio_bitrate: null },
  }),
  row({
    name: 'a minute, as h264',
    source: source(MINUTE),
    segmentSeconds: 16,
    encode: { preset: 'veryfast' },
    seams: true,
  }),
  row({
    name: 'a minute, as hevc',
    source: source({ ...MINUTE, container: 'mkv', gop: 'open' }),
    ...{ segmentSeconds: 16, profile: 'hevc', encode: { preset: 'ultrafast' }, seams: true },
  }),
];
