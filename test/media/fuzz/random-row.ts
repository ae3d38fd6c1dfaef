import type { Pick } from '../../support/seeded-random.ts';
import { type ResultContainer, type Row, row } from '../matrix/row.ts';
import {
  type After,
  type AudioKind,
  type Extra,
  type Gop,
  type Sound,
  type Source,
  type SourceContainer,
  source,
  type Timing,
  type VideoKind,
} from '../matrix/source.ts';

type Holds = {
  readonly codecs: readonly VideoKind[];
  readonly audio: readonly AudioKind[];
  readonly extras: readonly Extra[];
  readonly after: readonly After[];
  /** Whether it can say when a frame is shown if the frames are not all equally long. */
  readonly variable: boolean;
};

/** What a container can hold, of what FFmpeg can make. */
const CONTAINERS: Readonly<Record<SourceContainer, Holds>> = {
  mp4: {
    codecs: ['h264', 'h264', 'hevc', 'mpeg2', 'mpeg4', 'vp9', 'av1'],
    audio: ['aac', 'ac3', 'opus', 'mp3', 'flac'],
    extras: ['mov_text', 'chapters', 'tags', 'cover'],
    after: ['edit-list', 'start-offset', 'rotate', 'fragments', 'fragments-edited'],
    variable: true,
  },
  mov: {
    codecs: ['h264', 'hevc', 'prores', 'mjpeg'],
    audio: ['aac', 'ac3', 'pcm'],
    extras: ['mov_text', 'chapters', 'tags'],
    after: ['edit-list', 'start-offset', 'rotate'],
    variable: true,
  },
  mkv: {
    codecs: ['h264', 'hevc', 'mpeg2', 'vp9', 'vp8', 'av1', 'prores', 'mjpeg', 'ffv1'],
    audio: ['aac', 'ac3', 'opus', 'mp3', 'mp2', 'flac', 'vorbis', 'pcm'],
    extras: ['srt', 'ass', 'pgs', 'chapters', 'tags', 'font', 'cover'],
    after: ['late', 'start-offset'],
    variable: true,
  },
  webm: { codecs: ['vp9', 'vp8', 'av1'], audio: ['opus', 'vorbis'], extras: ['tags'], after: [], variable: true },
  ts: {
    codecs: ['h264', 'hevc', 'mpeg2'],
    audio: ['aac', 'ac3', 'mp2', 'mp3'],
    extras: [],
    after: ['wrap', 'late', 'mid-gop'],
    variable: false,
  },
  mpg: { codecs: ['mpeg2'], audio: ['mp2', 'ac3'], extras: [], after: [], variable: false },
  avi: { codecs: ['mpeg4', 'mjpeg', 'h264'], audio: ['mp3', 'ac3', 'pcm'], extras: [], after: [], variable: false },
  flv: { codecs: ['h264'], audio: ['aac', 'mp3'], extras: [], after: [], variable: false },
};

const RATES = ['24000/1001', '24', '25', '30000/1001', '30', '50', '60000/1001'];
const GOPS: readonly Gop[] = ['closed', 'open', 'open', 'long', 'intra'];
const TIMINGS: readonly Timing[] = ['constant', 'constant', 'mixed', 'jitter', 'gaps'];
const RESULTS: readonly ResultContainer[] = ['mp4', 'mov', 'mkv', 'mkv'];
/** MPEG-2 and MPEG-4 know only rates of their standards and no time base. */
const CONSTANT_ONLY: readonly VideoKind[] = ['mpeg2', 'mpeg4', 'prores', 'mjpeg', 'av1', 'vp8'];

/** A random point on the axes, and random places to cut at. */
export function randomRow(name: string, pick: Pick): Row {
  const one = <Item>(items: readonly Item[]): Item => items[pick(items.length)] as Item;
  const some = <Item>(items: readonly Item[], chances: number) => items.filter(() => pick(chances) === 0);
  const container = one(Object.keys(CONTAINERS) as SourceContainer[]);
  const holds = CONTAINERS[container];
  const codec = one(holds.codecs);
  const constant = !holds.variable || CONSTANT_ONLY.includes(codec);
  const from = possible({
    ...source(),
    ...{ container, codec, gop: one(GOPS), rate: one(RATES), timing: constant ? 'constant' : one(TIMINGS) },
    ...{ seconds: 2.5 + pick(400) / 100, pixels: pixelsOf(codec, one), size: one(['128x72', '144x80', '96x96']) },
    audio: Array.from({ length: one([0, 1, 1, 1, 2]) }, () => randomSound(holds.audio, pick)),
    ...{ extras: some(holds.extras, 4), after: pick(2) === 0 && holds.after.length > 0 ? one(holds.after) : null },
  });
  const fits = (to: ResultContainer) =>
    from.audio.every((sound) => to === 'mkv' || RESULT_AUDIO[to].includes(sound.codec));
  const to = one(RESULTS.filter(fits));
  return row({ name, source: from, to, segmentSeconds: 0.4 + pick(200) / 100, lost: lostIn(to, from) });
}

/** A copy may make a second picture of the cover, and leave chapters where they were. */
const LOST_BY_COPY: Partial<Record<string, readonly Extra[]>> = {
  mkv: ['cover', 'chapters'],
  mp4: ['cover', 'chapters'],
  mov: ['chapters'],
};

/**
 * The source without what cannot be made: FLV has one stream of sound, 4:2:2 that is turned (all that ProRes has) is
 * 4:4:0, what has one keyframe has none when it begins behind that, and AC-3 is not described before its first packet.
 */
function possible(wished: Source): Source {
  const { container, codec, audio, extras, pixels, gop } = wished;
  const impossible =
    (wished.after === 'mid-gop' && gop === 'long') ||
    (wished.after === 'rotate' && codec === 'prores') ||
    (wished.after === 'fragments' && audio.some((sound) => sound.codec === 'ac3'));
  const after = impossible ? null : wished.after;
  const lost = after === null ? [] : (LOST_BY_COPY[container] ?? []);
  return {
    ...{ ...wished, after },
    audio: container === 'flv' ? audio.slice(0, 1) : audio,
    extras: extras.filter((extra) => !lost.includes(extra)),
    pixels: after === 'rotate' ? pixels.replace('422', '420') : pixels,
  };
}

const RESULT_AUDIO: Readonly<Record<Exclude<ResultContainer, 'mkv'>, readonly AudioKind[]>> = {
  mp4: ['aac', 'ac3', 'opus', 'mp3', 'flac'],
  mov: ['aac', 'ac3', 'mp3', 'pcm'],
  webm: [],
};

function randomSound(kinds: readonly AudioKind[], pick: Pick): Sound {
  const kind = { codec: kinds[pick(kinds.length)] as AudioKind };
  const late = pick(3) === 0 ? { late: (pick(240) - 60) / 100 } : {};
  const length = pick(4) === 0 ? { seconds: 1 + pick(600) / 100 } : {};
  const channels = ([1, 2, kind.codec === 'mp3' || kind.codec === 'mp2' ? 1 : 6] as const)[pick(3)] ?? 1;
  return { ...kind, ...late, ...length, channels };
}

function pixelsOf(codec: VideoKind, one: <Item>(items: readonly Item[]) => Item): string {
  if (codec === 'prores') return 'yuv422p10le';
  if (codec === 'mjpeg') return 'yuvj420p';
  if (codec === 'h264') return one(['yuv420p', 'yuv420p', 'yuv422p', 'yuv422p10le']);
  return codec === 'hevc' ? one(['yuv420p', 'yuv420p10le']) : 'yuv420p';
}

/** What the result cannot hold; the full range becomes the limited one, which plays everywhere. */
function lostIn(to: ResultContainer, { codec, extras }: Source): string[] {
  const lost = extras.filter((extra) => extra === 'cover' || (to !== 'mkv' && ['pgs', 'font'].includes(extra)));
  return codec === 'mjpeg' ? [...lost, 'color_range'] : lost;
}
