import { JOIN_FAILED } from '../../support/run-job.ts';
import { type Row, row } from '../row.ts';
import { source } from '../source.ts';

const NOT_SOUGHT = 'the source cannot be sought exactly';

/** For a profile that names no format the full range becomes the limited one, which plays everywhere. */
const LIMITED = ['color_range'];

const TS = { container: 'ts' } as const;

/** Containers, and the clocks they come with. */
export const CONTAINERS: readonly Row[] = [
  row({ name: 'mp4 with an edit list', source: source({ after: 'edit-list' }) }),
  row({ name: 'mp4 with an edit list, to mkv', source: source({ after: 'edit-list' }), to: 'mkv' }),
  row({ name: 'mp4 with an edit list, open groups', source: source({ after: 'edit-list', gop: 'open' }), to: 'mov' }),
  row({ name: 'mp4 that begins at 1.25 s', source: source({ after: 'start-offset', gop: 'open' }) }),
  row({ name: 'mp4 with an edit list, av1', source: source({ after: 'edit-list', codec: 'av1' }) }),
  row({
    name: 'mp4 with an edit list, av1, to mkv',
    source: source({ after: 'edit-list', codec: 'av1', gop: 'intra', audio: [{ codec: 'opus', late: -0.2 }] }),
    ...{ to: 'mkv', whole: 'no keyframes to cut at' },
  }),
  row({
    name: 'mov with an edit list, mjpeg',
    source: source({
      ...{ container: 'mov', after: 'edit-list', codec: 'mjpeg', rate: '24000/1001', pixels: 'yuvj420p' },
      audio: [{ codec: 'pcm' }],
    }),
    ...{ to: 'mkv', lost: LIMITED },
  }),
  row({ name: 'mp4 in fragments', source: source({ after: 'fragments' }) }),
  row({
    name: 'mp4 in fragments with an edit list, ac3',
    source: source({ after: 'fragments-edited', gop: 'open', audio: [{ codec: 'ac3' }] }),
  }),
  row({
    name: 'mkv, two frames of one moment',
    source: source({ container: 'mkv', codec: 'mpeg2', gop: 'intra', after: 'twice' }),
    ...{ to: 'mp4', whole: JOIN_FAILED },
  }),
  row({ name: 'mkv that begins after an hour', source: source({ after: 'late', gop: 'open', container: 'mkv' }) }),
  row({ name: 'ts', source: source(TS) }),
  row({ name: 'ts, to mkv', source: source({ ...TS, rate: '30000/1001', gop: 'open' }), to: 'mkv' }),
  row({ name: 'ts, mpeg2', source: source({ ...TS, codec: 'mpeg2', gop: 'open', audio: [{ codec: 'mp2' }] }) }),
  row({ name: 'ts, hevc', source: source({ ...TS, codec: 'hevc', gop: 'open', audio: [{ codec: 'ac3' }] }) }),
  row({ name: 'ts, its clock wraps', source: source({ ...TS, after: 'wrap' }) }),
  row({ name: 'ts, its clock jumps', source: source({ ...TS, after: 'jump' }) }),
  row({ name: 'ts, recorded from the middle of a group', source: source({ ...TS, seconds: 5.2, after: 'mid-gop' }) }),
  row({
    name: 'ts, recorded from the middle of a group, sound later',
    source: source({ ...TS, seconds: 5.2, after: 'mid-gop', audio: [{ codec: 'mp3', late: 1.25 }] }),
  }),
  row({
    name: 'ts, recorded from the middle of a group, no sound, to mkv',
    source: source({ ...TS, seconds: 5.2, after: 'mid-gop', audio: [] }),
    to: 'mkv',
  }),
  row({
    name: 'ts, recorded from the middle of a group, sound later, to mkv',
    source: source({ ...TS, seconds: 5.2, after: 'mid-gop', audio: [{ codec: 'mp3', late: 1.25 }] }),
    to: 'mkv',
  }),
  row({ name: 'ps', source: source({ container: 'mpg', codec: 'mpeg2', gop: 'open', audio: [{ codec: 'mp2' }] }) }),
  row({
    name: 'ts, hevc from the middle of a group',
    source: source({ ...TS, codec: 'hevc', gop: 'open', seconds: 5.2, after: 'mid-gop' }),
    whole: NOT_SOUGHT,
  }),
  row({
    name: 'ps, to mkv',
    source: source({ container: 'mpg', codec: 'mpeg2', rate: '24', audio: [{ codec: 'ac3', late: 0.5 }] }),
    to: 'mkv',
  }),
  row({
    name: 'avi, mpeg4 with B-frames',
    source: source({ container: 'avi', codec: 'mpeg4', audio: [{ codec: 'mp3' }] }),
    whole: NOT_SOUGHT,
  }),
  row({
    name: 'avi, h264 with B-frames',
    source: source({ container: 'avi', audio: [{ codec: 'mp3' }] }),
    whole: NOT_SOUGHT,
  }),
  row({
    name: 'avi, sound begins later',
    source: source({ container: 'avi', codec: 'mjpeg', pixels: 'yuvj420p', audio: [{ codec: 'ac3', late: 1.6 }] }),
    lost: LIMITED,
  }),
  row({
    name: 'avi, mjpeg and pcm',
    source: source({ container: 'avi', codec: 'mjpeg', pixels: 'yuvj420p', audio: [{ codec: 'pcm' }] }),
    ...{ to: 'mkv', lost: LIMITED },
  }),
  row({ name: 'flv', source: source({ container: 'flv' }) }),
];
