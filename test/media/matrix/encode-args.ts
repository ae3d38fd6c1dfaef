import type { AudioKind, Gop, Sound, Source, Timing, VideoKind } from './source.ts';

/** Keyframes are a second apart at 25 frames a second. */
const KEYINT = 25;
const FOREVER = 100_000;

const x264Gop: Readonly<Record<Gop, string>> = {
  closed: `keyint=${KEYINT}:scenecut=0`,
  open: `keyint=${KEYINT}:scenecut=0:open-gop=1:bframes=3`,
  long: `keyint=infinite:scenecut=0`,
  intra: 'keyint=1',
  refresh: `keyint=${KEYINT}:intra-refresh=1`,
};
const x265Gop: Readonly<Record<Gop, string>> = {
  closed: `keyint=${KEYINT}:min-keyint=${KEYINT}:scenecut=0:open-gop=0`,
  open: `keyint=${KEYINT}:min-keyint=${KEYINT}:scenecut=0:open-gop=1:bframes=4`,
  long: 'keyint=-1:scenecut=0',
  intra: 'keyint=1',
  refresh: `keyint=${KEYINT}:intra-refresh=1`,
};

const frames = (gop: Gop) => ['-g', String({ long: FOREVER, intra: 1 }[gop as string] ?? KEYINT)];
const bFrames = (gop: Gop) => (gop === 'intra' ? [] : ['-bf', '2']);

const VIDEO: Readonly<Record<VideoKind, (gop: Gop) => readonly string[]>> = {
  h264: (gop) => ['-c:v:0', 'libx264', '-preset', 'veryfast', '-crf', '28', '-x264-params', x264Gop[gop]],
  hevc: (gop) => [
    '-c:v:0',
    'libx265',
    '-preset',
    'ultrafast',
    '-crf', // fine enough that no frame comes out as the one before
    '20',
    '-x265-params',
    `${x265Gop[gop]}:bframes=3:log-level=error`,
  ],
  mpeg2: (gop) => [
    ...['-c:v:0', 'mpeg2video', '-q:v', '6', ...frames(gop), ...bFrames(gop)],
    ...(gop === 'closed' ? ['-flags', '+cgop', '-sc_threshold', '1000000000'] : []),
  ],
  mpeg4: (gop) => ['-c:v:0', 'mpeg4', '-q:v', '6', ...frames(gop), ...bFrames(gop)],
  vp9: (gop) => [
    '-c:v:0',
    'libvpx-vp9',
    '-deadline',
    'realtime',
    '-cpu-used',
    '8',
    '-auto-alt-ref',
    '0',
    ...frames(gop),
  ],
  vp8: (gop) => ['-c:v:0', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', ...frames(gop)],
  av1: (gop) => ['-c:v:0', 'libsvtav1', '-preset', '12', ...frames(gop)],
  prores: () => ['-c:v:0', 'prores_ks', '-profile:v', '0'],
  mjpeg: () => ['-c:v:0', 'mjpeg', '-q:v', '6'],
  ffv1: (gop) => ['-c:v:0', 'ffv1', ...frames(gop)],
};

const AUDIO: Readonly<Record<AudioKind, readonly string[]>> = {
  aac: ['aac', '-b:a', '64k'],
  ac3: ['ac3', '-b:a', '192k'],
  opus: ['libopus', '-b:a', '64k'],
  pcm: ['pcm_s16le'],
  mp3: ['libmp3lame', '-b:a', '64k'],
  mp2: ['mp2', '-b:a', '128k'],
  flac: ['flac', '-strict', 'experimental'],
  vorbis: ['libvorbis', '-q:a', '2'],
};

/** The rate at which the picture is drawn, and the filters that make its timing of it. */
const TIMING: Readonly<Record<Timing, (rate: string) => { rate: string; filters: readonly string[] }>> = {
  constant: (rate) => ({ rate, filters: [] }),
  mixed: () => ({
    rate: '120',
    filters: ["select='if(lt(t,1.5),not(mod(n,5)),if(lt(t,3),not(mod(n,4)),not(mod(n,2))))'"],
  }),
  jitter: (rate) => ({ rate, filters: ['settb=1/90000', "setpts='PTS+floor(random(7)*900)'"] }),
  gaps: (rate) => ({ rate, filters: ["select='not(eq(mod(n,7),3))*not(between(n,70,82))'"] }),
};

const FLASH = "drawbox=x=iw/4:y=ih/4:w=iw/2:h=ih/2:color=white:t=fill:enable='lt(mod(t+0.5,1),0.09)'";

/** The picture as an input of FFmpeg. */
export function pictureInput({ rate, timing, size, seconds }: Source): string[] {
  return ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${TIMING[timing](rate).rate}:d=${seconds}`];
}

/** More would take as long to draw as the rest of the matrix; what is longer is repeated. */
const DRAWN_SECONDS = 100;

/** A tone that rises all the time, so that no packet equals another, and the beeps. */
export function soundInput({ late = 0, seconds, sampleRate = 48_000 }: Sound, whole: number): string[] {
  const length = seconds ?? whole;
  const beep = 'lt(mod(t+0.5,1),0.04)*0.7*sin(6283.2*t)';
  const drawn = `aevalsrc='0.04*sin(1256*(1+t/50)*t)+${beep}':s=${sampleRate}:d=${Math.min(length, DRAWN_SECONDS)}`;
  const repeated = `,aloop=loop=-1:size=${DRAWN_SECONDS * sampleRate},atrim=end=${length}`;
  const graph = length > DRAWN_SECONDS ? `${drawn}${repeated}` : drawn;
  return [...(late === 0 ? [] : ['-itsoffset', String(late)]), '-f', 'lavfi', '-i', graph];
}

/** Filters and encoder of the picture. */
export function pictureArgs({ codec, gop, timing, rate, pixels, filters, options }: Source): string[] {
  const chain = [FLASH, ...TIMING[timing](rate).filters, ...filters, `format=${pixels}`];
  return [
    ...['-filter:v:0', chain.join(',')],
    ...(timing === 'constant' ? [] : ['-fps_mode', 'passthrough']),
    ...(timing === 'jitter' ? ['-enc_time_base', '1:90000'] : []),
    ...VIDEO[codec](gop),
    ...options,
  ];
}

/** Encoder, language and name of the stream of sound of that number. */
export function soundArgs(sound: Sound, index: number): string[] {
  const { codec, channels = 1, language, title, disposition } = sound;
  const [encoder = '', ...options] = AUDIO[codec];
  return [
    ...[`-c:a:${index}`, encoder, ...options.map((option) => option.replace(/^(-[bq]:a)$/, `$1:${index}`))],
    ...[`-ac:a:${index}`, String(channels)],
    ...(language === undefined ? [] : [`-metadata:s:a:${index}`, `language=${language}`]),
    ...(title === undefined ? [] : [`-metadata:s:a:${index}`, `title=${title}`]),
    ...(disposition === undefined ? [] : [`-disposition:a:${index}`, disposition]),
  ];
}
