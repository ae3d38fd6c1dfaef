import { type Row, row } from '../row.ts';
import { source } from '../source.ts';

/** Frame rates, constant and variable. */
export const RATES: readonly Row[] = [
  row({ name: '23.976', source: source({ rate: '24000/1001', container: 'mkv' }) }),
  row({ name: '24', source: source({ rate: '24', audio: [{ codec: 'ac3' }] }), to: 'mkv' }),
  row({ name: '25', source: source() }),
  row({ name: '29.97', source: source({ rate: '30000/1001' }) }),
  row({ name: '30', source: source({ rate: '30', container: 'mov' }) }),
  row({ name: '50', source: source({ rate: '50', container: 'mkv' }), to: 'mp4' }),
  row({ name: '59.94', source: source({ rate: '60000/1001' }) }),
  row({ name: 'variable: 24, 30 and 60 mixed, mkv', source: source({ timing: 'mixed', container: 'mkv' }) }),
  row({ name: 'variable: 24, 30 and 60 mixed, mp4', source: source({ timing: 'mixed' }) }),
  row({
    name: 'variable: a phone that jitters',
    source: source({ timing: 'jitter', options: ['-video_track_timescale', '90000'] }),
  }),
  row({ name: 'variable: a phone that jitters, to mkv', source: source({ timing: 'jitter' }), to: 'mkv' }),
  row({
    name: 'variable: frames are missing',
    source: source({ timing: 'gaps', rate: '30', container: 'mkv' }),
    to: 'mp4',
  }),
];
