import { type Row, row } from '../row.ts';
import { type Sound, source } from '../source.ts';

const LANGUAGES: readonly Sound[] = [
  { codec: 'aac', language: 'eng', disposition: 'default' },
  { codec: 'ac3', language: 'deu', title: 'Kommentar', disposition: 'comment' },
  { codec: 'aac', language: 'fra', channels: 1, disposition: 'dub' },
];

/** Kinds of sound, and when it is heard. */
export const SOUND: readonly Row[] = [
  row({ name: 'aac with its run-up, to mkv', source: source(), to: 'mkv' }),
  row({ name: 'aac, 44.1 kHz', source: source({ audio: [{ codec: 'aac', sampleRate: 44_100 }] }) }),
  row({ name: 'opus, mkv', source: source({ container: 'mkv', audio: [{ codec: 'opus' }] }) }),
  row({ name: 'opus, mkv to mp4', source: source({ container: 'mkv', audio: [{ codec: 'opus' }] }), to: 'mp4' }),
  row({
    name: 'opus becomes opus',
    source: source({ container: 'mkv', audio: [{ codec: 'opus' }] }),
    encode: { preset: 'ultrafast', audio_codec: 'opus' },
  }),
  row({ name: 'pcm', source: source({ container: 'mov', audio: [{ codec: 'pcm' }] }) }),
  row({ name: 'mp3', source: source({ container: 'mkv', audio: [{ codec: 'mp3' }] }), to: 'mp4' }),
  row({ name: 'vorbis', source: source({ container: 'mkv', audio: [{ codec: 'vorbis' }] }) }),
  row({ name: '5.1 aac', source: source({ audio: [{ codec: 'aac', channels: 6 }] }) }),
  row({ name: '5.1 ac3', source: source({ container: 'mkv', audio: [{ codec: 'ac3', channels: 6 }] }), to: 'mp4' }),
  row({ name: 'three languages, mkv', source: source({ container: 'mkv', audio: LANGUAGES }) }),
  row({ name: 'three languages, mp4', source: source({ audio: LANGUAGES }) }),
  row({ name: 'no sound', source: source({ audio: [] }) }),
  row({ name: 'no sound, ts', source: source({ container: 'ts', audio: [] }), to: 'mkv' }),
  row({ name: 'sound begins later', source: source({ audio: [{ codec: 'aac', late: 0.3 }] }) }),
  row({
    name: 'sound begins later, mkv',
    source: source({ container: 'mkv', gop: 'open', audio: [{ codec: 'ac3', late: 1.3 }] }),
  }),
  row({
    name: 'flac begins later, to mp4',
    source: source({ container: 'mkv', audio: [{ codec: 'flac', late: 1.68, seconds: 2.75 }] }),
    to: 'mp4',
  }),
  row({
    name: 'opus begins later, mkv',
    source: source({ container: 'mkv', audio: [{ codec: 'opus', late: 0.3 }, { codec: 'aac' }] }),
    encode: { preset: 'ultrafast', audio_codec: 'opus' },
  }),
  row({ name: 'sound begins earlier', source: source({ audio: [{ codec: 'aac', late: -0.7 }] }) }),
  row({ name: 'sound is shorter', source: source({ audio: [{ codec: 'aac', seconds: 2.3 }] }) }),
  row({ name: 'sound is longer', source: source({ container: 'mkv', audio: [{ codec: 'aac', seconds: 6.1 }] }) }),
];
