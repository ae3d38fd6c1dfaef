import { type Row, row } from './row.ts';
import { source } from './source.ts';

const RATES: readonly Row[] = [
  row({ name: '23.976', source: source({ rate: '24000/1001', container: 'mkv' }) }),
  row({ name: '24', source: source({ rate: '24', audio: [{ codec: 'ac3' }] }), to: 'mkv' }),
  row({ name: '25', source: source() }),
  row({ name: '29.97', source: source({ rate: '30000/1001' }) }),
  row({ name: '30', source: source({ rate: '30', container: 'mov' }) }),
  row({ name: '50', source: source({ rate: '50', container: 'mkv' }), to: 'mp4' }),
  row({ name: '59.94', source: source({ rate: '60000/1001' }) }),
  row({ name: 'variable: 24, 30 and 60 mixed, mkv', source: source({ timing: 'mixed', container: 'mkv' }) }),
  row({ name: 'variable: 24, 30 and 60 mixed, mp4', source: source({ timing: 'mixed' }) }),
  row({ name: 'variable: a phone that jitters', source: source({ timing: 'jitter', options: ['-video_track_timescale', '90000'] }) }),
  row({ name: 'variable: a phone that jitters, to mkv', source: source({ timing: 'jitter' }), to: 'mkv' }),
  row({ name: 'variable: frames are missing', source: source({ timing: 'gaps', rate: '30', container: 'mkv' }), to: 'mp4' }),
];

const GOPS: readonly Row[] = [
  row({ name: 'h264, open groups, mp4', source: source({ gop: 'open' }) }),
  row({ name: 'h264, open groups, mkv', source: source({ gop: 'open', container: 'mkv', audio: [{ codec: 'opus' }] }) }),
  row({ name: 'hevc, open groups', source: source({ codec: 'hevc', gop: 'open' }), to: 'mkv' }),
  row({ name: 'hevc, closed groups', source: source({ codec: 'hevc', container: 'mkv' }), to: 'mp4' }),
  row({ name: 'one keyframe only', source: source({ gop: 'long' }), whole: 'no keyframes to cut at' }),
  row({ name: 'all keyframes', source: source({ gop: 'intra' }) }),
  row({ name: 'slow refresh', source: source({ gop: 'refresh', container: 'mkv' }), whole: 'no keyframes to cut at' }),
];

const CONTAINERS: readonly Row[] = [
  row({ name: 'mp4 with an edit list', source: source({ after: 'edit-list' }) }),
  row({ name: 'mp4 with an edit list, to mkv', source: source({ after: 'edit-list' }), to: 'mkv' }),
  row({ name: 'mp4 that begins at 1.25 s', source: source({ after: 'start-offset', gop: 'open' }) }),
  row({ name: 'ts', source: source({ container: 'ts' }) }),
  row({ name: 'ts, its clock wraps', source: source({ container: 'ts', after: 'wrap' }) }),
  row({ name: 'ts, its clock jumps', source: source({ container: 'ts', after: 'jump' }) }),
  row({ name: 'avi', source: source({ container: 'avi', codec: 'mpeg4', audio: [{ codec: 'mp3' }] }) }),
];

/** Every source, and what is to become of it. */
export const ROWS: readonly Row[] = [...RATES, ...GOPS, ...CONTAINERS];
